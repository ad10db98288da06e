"""Draws one figure of one subset as self-contained HTML and as SVG."""

from importlib import import_module
from pathlib import Path

from creativity import job
from creativity.figures.results import load
from creativity.validate import read, resolve


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("config", "html", "svg"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    results = load(args.config.parent, resolve(read(args.config), str(args.config)), args.params["subset"])
    chart = import_module(f"creativity.figures.{args.params['figure']}").draw(results)
    chart.save(args.html, inline=True)
    chart.save(args.svg)


if __name__ == "__main__":
    job.run(main)
