"""Brings one figure to the size of a page, as SVG and PDF, and writes its caption beside it."""

from pathlib import Path

from creativity import job, store
from creativity.figures.paper import caption, pdf, sized


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("figure", "caption", "svg", "pdf", "txt"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    svg = args.figure.read_text(encoding="utf-8")
    contents = {args.svg: sized(svg).encode(), args.pdf: pdf(svg)}
    contents[args.txt] = caption(args.caption.read_text(encoding="utf-8"), args.params["wildcards"]).encode()
    for path, content in contents.items():
        with store.whole(path) as partial:
            partial.write_bytes(content)


if __name__ == "__main__":
    job.run(main)
