"""Draws the phases across subsets."""

from pathlib import Path

from creativity.running.job import Job
from jobs.plot import plot


def plot_phase(job: Job, *, config: Path, html: list[Path], svg: list[Path]) -> None:
    plot(job, config=config, html=html, svg=svg)
