"""Brings the images of one file into the features of a network that others trained."""

import hashlib
from pathlib import Path

from creativity import store
from creativity.neighbours.extractors import extract, load
from creativity.running.device import use
from creativity.running.job import Job


def features(job: Job, *, images: Path, weights: Path, features: Path) -> None:
    """images: a set, or samples, of which the finite ones count."""
    device, names = use(job), store.read(images).column_names
    pictures = store.finite_samples(images) if "finite" in names else store.units(images)
    rows = extract(load(job.settings["extractor"], weights, device), pictures, device)
    with weights.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    store.write_features(features, job.settings["extractor"], rows, job.stamp([images], weights=content))
