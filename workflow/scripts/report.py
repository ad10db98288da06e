"""Makes the page of a campaign: everything it left, in one file."""

from pathlib import Path

from creativity import job, store
from creativity.report.payload import build
from creativity.report.render import render
from creativity.validate import read, resolve


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("config", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    page = render(build(args.config.parent, resolve(read(args.config), str(args.config))))
    with store.whole(args.out) as partial:
        partial.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    job.run(main)
