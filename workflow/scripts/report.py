"""Makes the page of a campaign: everything it left, in one file."""

from pathlib import Path

from creativity import job, store
from creativity.layout import keys_in
from creativity.report.payload import build
from creativity.report.render import render
from creativity.validate import read, resolve


def main() -> None:
    parser = job.gathering_parser(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    campaign = resolve(read(args.config), str(args.config))
    page = render(build(args.config.parent, campaign, keys_in(args.missing)))
    with store.whole(args.out) as partial:
        partial.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    job.run(main)
