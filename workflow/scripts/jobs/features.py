"""Brings the images of one file into the features of a network that others trained."""

import hashlib
from pathlib import Path

from creativity import store
from creativity.campaign.sections import Features
from creativity.neighbours.extractors import extract, load
from creativity.running.device import use
from creativity.running.job import Job


def features(job: Job, *, images: Path, weights: Path, features: Path) -> None:
    """images: a set, or samples, of which the finite ones count. Mirror images of a set, where they count, are a second column."""
    device, names = use(job), store.read(images).column_names
    settings = job.section(Features, "features", weights=str(weights))
    samples = "finite" in names
    pictures = store.finite_samples(images) if samples else store.units(images)
    net = load(settings, weights, device)
    rows = extract(net, pictures, device)
    mirrors = extract(net, pictures[..., ::-1].copy(), device) if job.settings["mirrored"] and not samples else None
    with weights.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    store.write_features(features, str(settings.extractor), rows, job.stamp([images], weights=content), mirrors)
