"""Draws figures as self-contained HTML and as SVG."""

from importlib import import_module
from pathlib import Path

from creativity.campaign.validation import load as load_campaign
from creativity.figures.results import load
from creativity.running.job import Job


def plot(job: Job, *, config: Path, html: list[Path], svg: list[Path]) -> None:
    """Those that the settings name, of their subset, or of all where it is null. html, svg: a file for each figure."""
    results = load(config.parent, load_campaign(config), job.settings["subset"])
    for figure, page, picture in zip(job.settings["figures"], html, svg, strict=True):
        chart = import_module(f"creativity.figures.{figure}").draw(results)
        chart.save(page, inline=True)
        chart.save(picture)
