"""Draws one figure as self-contained HTML and as SVG."""

from importlib import import_module
from pathlib import Path

from creativity.campaign.validation import load as load_campaign
from creativity.figures.results import load
from creativity.running.job import Job


def plot(job: Job, *, config: Path, html: Path, svg: Path) -> None:
    """Of the subset in the settings, or of all where it is null."""
    results = load(config.parent, load_campaign(config), job.settings["subset"])
    chart = import_module(f"creativity.figures.{job.settings['figure']}").draw(results)
    chart.save(html, inline=True)
    chart.save(svg)
