"""Writes the settings that decide results, on which everything depends that is gathered from many runs."""

from pathlib import Path

from creativity.running.job import Job
from jobs.resolve import resolve


def settings(job: Job, *, decisive: Path) -> None:
    resolve(job, config=decisive)
