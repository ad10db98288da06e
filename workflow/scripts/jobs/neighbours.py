"""Finds the nearest training images of every sample, and of every tile of every sample."""

from pathlib import Path

from creativity import store
from creativity.neighbours.search import product_on, search
from creativity.neighbours.tables import NEIGHBOURS, PROVENANCE, neighbour_rows, provenance_rows, read_spaces, search_features
from creativity.neighbours.tiles import trace
from creativity.running.job import Job


def neighbours(
    job: Job,
    *,
    samples: Path,
    train: Path,
    spaces: Path,
    neighbours: Path,
    provenance: Path,
    sample_features: Path | None = None,
    train_features: Path | None = None,
) -> None:
    """spaces: as fitted to the reference. *_features: where the campaign has any.

    The state of the samples' training is deleted, since its outputs are recorded.
    """
    settings, product, table = job.settings, product_on(job.device), store.read(samples)
    finite = table["finite"].to_numpy()
    numbers, pictures = table["sample"].to_numpy()[finite], store.pictures(table, samples)[finite]
    known, fitted, ids = store.units(train), read_spaces(spaces), store.ids(train)
    rows: list[tuple] = []
    for space in settings["spaces"] if len(pictures) else ():
        nearest = search(pictures, known, fitted, space, settings["k"], settings["mirrored"], product=product)
        rows += neighbour_rows([(int(i),) for i in numbers], space, nearest, ids)
    if sample_features and train_features and len(pictures):
        space, nearest = search_features(sample_features, train_features, settings["k"], product=product)
        rows += neighbour_rows([(int(i),) for i in numbers], space, nearest, ids)
    stamp = job.stamp([samples, train, spaces, sample_features, train_features])
    store.write(neighbours, NEIGHBOURS, rows, stamp)
    places = provenance_rows(numbers, trace(pictures, known, settings["tile"], settings["mirrored"]), ids) if len(pictures) else []
    store.write(provenance, PROVENANCE, places, stamp)
    store.forget_states(samples.parent)
