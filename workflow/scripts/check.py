"""Fails, and says why, where a measure of a control is not what it must be: then no measure of this campaign is to be believed."""

from pathlib import Path

from creativity import job, store
from creativity.errors import UserError


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("controls", "measures", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    if args.params["repeats"]:
        job.log.info("%s: images repeat, so a fresh one may be a training image: no bound on novelty is checked", args.campaign)
    for row in store.read(args.measures).to_pylist():
        if row["denoiser"] == "gaussian" and row["measure"] in ("real", "critic_real"):
            text = "%s: %.2f of the linear-Gaussian samples are judged real (%s): the lower, the more a verdict of real says"
            job.log.info(text, row["subset"], row["value"], row["measure"])
    broken = [row for row in store.read(args.controls).to_pylist() if not row["held"]]
    if broken:
        text = "{subset}: {measure} of the control {control} is {value:.3g} [{low:.3g}, {high:.3g}], must be {least:g} to {most:g}"
        told = (text.format(**row) for row in broken)
        raise UserError(f"{args.controls}: controls are broken: {'; '.join(told)}.")
    store.write_text(args.out, "every control is within its bounds\n")


if __name__ == "__main__":
    job.run(main)
