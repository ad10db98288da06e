"""Figures for a paper: at the size of a page, as SVG and PDF, with their captions as text."""

import re
from typing import Any

import vl_convert
from jinja2 import Template

WIDTH, HEIGHT = 178.0, 240.0  # millimetres: two columns of a page, and nearly all of its height
SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
POINTS = 72 / 25.4  # in a millimetre


def sized(svg: str, unit: str = "mm", length: float = 1.0) -> str:
    """A figure that is as large as a page allows; marks and letters keep their proportions. length: of a millimetre."""
    width, height = (float(side) for side in SIZE.search(svg).groups())  # type: ignore[union-attr]
    scale = min(WIDTH / width, HEIGHT / height) * length
    return SIZE.sub(f'width="{scale * width:.2f}{unit}" height="{scale * height:.2f}{unit}"', svg, count=1)


def pdf(svg: str) -> bytes:
    """The figure as PDF of that size: vl-convert takes a CSS pixel for a point."""
    return vl_convert.svg_to_pdf(sized(svg, unit="", length=POINTS))


def caption(text: str, wildcards: dict[str, Any]) -> str:
    """A caption of workflow/report/ as plain text, for these wildcards."""
    return " ".join(Template(text).render(snakemake={"wildcards": wildcards}).split()) + "\n"
