"""Draws one figure of a study as self-contained HTML and as SVG."""

from importlib import import_module
from pathlib import Path

from creativity import job, store


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("table", "html", "svg"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    table = store.read(args.table).to_pandas()
    chart = import_module(f"creativity.figures.{args.params['figure']}").draw(table, args.campaign)
    chart.save(args.html, inline=True)
    chart.save(args.svg)


if __name__ == "__main__":
    job.run(main)
