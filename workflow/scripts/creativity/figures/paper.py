"""Converts figures for a paper: SVG and PDF at the size of a page, and captions as plain text."""

import re
from typing import Any

import vl_convert
from jinja2 import Template

WIDTH, HEIGHT = 178.0, 240.0  # millimetres: two columns of a page, and nearly all of its height
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
POINTS = 72 / 25.4  # in a millimetre


def sized(svg: str, unit: str = "mm", length: float = 1.0) -> str:
    """An SVG scaled to fill WIDTH or HEIGHT, with its proportions unchanged. length: of a millimetre, in the unit."""
    width, height = (float(side) for side in SIZE.search(svg).groups())  # type: ignore[union-attr]
    scale = min(WIDTH / width, HEIGHT / height) * length
    return SIZE.sub(f'width="{scale * width:.2f}{unit}" height="{scale * height:.2f}{unit}"', svg, count=1)


def pdf(svg: str) -> bytes:
    """The figure as PDF of that size. vl-convert reads one CSS pixel as one point, hence the length in points without a unit."""
    return vl_convert.svg_to_pdf(sized(svg, unit="", length=POINTS))


def caption(text: str, wildcards: dict[str, Any]) -> str:
    """A caption, given as a Jinja template of workflow/report/, as one line of plain text with these wildcards filled in."""
    return " ".join(Template(text).render(snakemake={"wildcards": wildcards}).split()) + "\n"
