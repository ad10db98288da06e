"""Fails, and says why, where a measure of a control is not what it must be: then no measure of this campaign is to be believed."""

from pathlib import Path

from creativity import store
from creativity.errors import UserError
from creativity.running.job import Job, log


def check(job: Job, *, controls: Path, measures: Path, checked: Path) -> None:
    """Raises UserError where a bound is broken."""
    if job.settings["repeats"]:
        log.info("%s: images repeat, so a fresh one may be a training image: no bound on novelty is checked", job.campaign)
    for row in store.read(measures).to_pylist():
        if row["denoiser"] == "gaussian" and row["measure"] in ("real", "within_range", "critic_real"):
            text = "%s: %.2f of the linear-Gaussian samples are judged real (%s): the lower, the more a verdict of real says"
            log.info(text, row["subset"], row["value"], row["measure"])
    broken = [row for row in store.read(controls).to_pylist() if not row["held"]]
    if broken:
        text = "{subset}: {measure} of the control {control} is {value:.3g} [{low:.3g}, {high:.3g}], must be {least:g} to {most:g}"
        told = "; ".join(text.format(**row) for row in broken)
        raise UserError(f"{controls}: controls are broken: {told}.")
    store.write_text(checked, "every control is within its bounds\n")
