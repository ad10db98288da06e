"""Fits the spaces that need it, such as principal components, to the reference."""

from pathlib import Path

from creativity import store
from creativity.neighbours.spaces import fit
from creativity.running.job import Job
from creativity.store.weights import in_one, write_weights


def fit_spaces(job: Job, *, reference: Path, spaces: Path) -> None:
    """spaces: the arrays of each space, a file without any where none needs fitting."""
    write_weights(spaces, in_one(fit(job.settings["spaces"], store.units(reference))), job.stamp([reference])._asdict())
