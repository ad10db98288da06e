"""Finds the nearest training images of every real image, counts near-duplicates, and says how far they are from the reference."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from creativity import store
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import product_on, search
from creativity.neighbours.tables import SCALE_K, SCALES, SUBSET_NEIGHBOURS, neighbour_rows, search_features
from creativity.running.job import Job, log
from creativity.types import Neighbours, Values


def subset_neighbours(
    job: Job,
    *,
    train: Path,
    heldout: Path,
    reference: Path,
    neighbours: Path,
    scales: Path,
    train_features: Path | None = None,
    heldout_features: Path | None = None,
    reference_features: Path | None = None,
) -> None:
    """scales: how far each training image is from the reference. *_features: where the campaign has any."""
    sides, settings, product = {"train": train, "heldout": heldout, "reference": reference}, job.settings, product_on(job.device)
    features = {"train": train_features, "heldout": heldout_features, "reference": reference_features}
    known, real, ids = store.units(train), store.units(reference), store.ids(train)
    rows: list[tuple] = []
    scale_rows: list[tuple] = []
    nearest: dict[str, Values] = {}

    def add(space: str, away: Neighbours, near: Mapping[str, Neighbours]) -> None:
        scale_rows.extend((id_, space, float(distance)) for id_, distance in zip(ids, away.distances[:, -1], strict=True))
        for side, path in sides.items():
            rows.extend(neighbour_rows([(side, id_) for id_ in store.ids(path)], space, near[side], ids))

    for space in settings["spaces"]:
        away = search(known, real, real, space, SCALE_K, settings["mirrored"], product=product)
        near = {
            side: search(store.units(path), known, real, space, settings["k"], settings["mirrored"], side == "train", product)
            for side, path in sides.items()
        }
        add(space, away, near)
        if space == "pixel":
            nearest = {side: found.distances[:, 0] for side, found in near.items()}
    if train_features and heldout_features and reference_features:
        space, away = search_features(train_features, reference_features, SCALE_K, product=product)
        near = {
            side: search_features(path, train_features, settings["k"], side == "train", product)[1]
            for side, path in features.items()
            if path
        }
        add(space, away, near)
    counts = near_duplicates(nearest, int(np.prod(known.shape[1:])))
    told = ", ".join(f"{count} in {side}" for side, count in counts.items())
    mirrored = "" if settings["mirrored"] else "not "
    log.info("near-duplicates of training images, mirrored ones %scounted: %s", mirrored, told)
    facts = {f"near_duplicates_{side}": str(count) for side, count in counts.items()}
    stamp = job.stamp([*sides.values(), *features.values()])
    store.write(neighbours, SUBSET_NEIGHBOURS, rows, stamp, **facts)
    store.write(scales, SCALES, scale_rows, stamp)
