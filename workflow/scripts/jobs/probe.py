"""Builds a denoiser that a user brought once, which tells its mistakes, and measures what it costs."""

from pathlib import Path

import torch

from creativity import store
from creativity.denoisers import build
from creativity.denoisers.cost import COST, measure
from creativity.running.job import Job


def probe(job: Job, *, reference: Path, cost: Path) -> None:
    """cost: what the scheduler is asked for depends on it, and no result. reference: images of the shape that all have."""
    torch.set_num_threads(1)
    images = torch.from_numpy(store.units(reference))
    store.write(cost, COST, [measure(build(job.family(), images), images)], job.stamp([reference]))
