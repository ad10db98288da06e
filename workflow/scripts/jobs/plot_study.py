"""Draws one figure of a study as self-contained HTML and as SVG."""

from importlib import import_module
from pathlib import Path

from creativity import store
from creativity.running.job import Job


def plot_study(job: Job, *, table: Path, html: Path, svg: Path) -> None:
    chart = import_module(f"creativity.figures.{job.settings['figure']}").draw(store.read(table).to_pandas(), job.campaign)
    chart.save(html, inline=True)
    chart.save(svg)
