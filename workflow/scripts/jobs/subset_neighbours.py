"""Finds the nearest training images of every real image, counts near-duplicates, and says how far they are from the reference."""

from pathlib import Path

import numpy as np

from creativity import store
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import product_on, search
from creativity.neighbours.tables import SCALE_K, SCALES, SUBSET_NEIGHBOURS, neighbour_rows
from creativity.running.job import Job, log
from creativity.types import Values


def subset_neighbours(job: Job, *, train: Path, heldout: Path, reference: Path, neighbours: Path, scales: Path) -> None:
    """scales: how far each training image is from the reference."""
    sides, settings, product = {"train": train, "heldout": heldout, "reference": reference}, job.settings, product_on(job.device)
    known, real, ids = store.units(train), store.units(reference), store.ids(train)
    rows: list[tuple] = []
    scale_rows: list[tuple] = []
    nearest: dict[str, Values] = {}
    for space in settings["spaces"]:
        away = search(known, real, real, space, SCALE_K, settings["mirrored"], product=product).distances[:, -1]
        scale_rows += [(id_, space, float(distance)) for id_, distance in zip(ids, away, strict=True)]
        for side, path in sides.items():
            near = search(store.units(path), known, real, space, settings["k"], settings["mirrored"], side == "train", product)
            rows += neighbour_rows([(side, id_) for id_ in store.ids(path)], space, near, ids)
            if space == "pixel":
                nearest[side] = near.distances[:, 0]
    counts = near_duplicates(nearest, int(np.prod(known.shape[1:])))
    told = ", ".join(f"{count} in {side}" for side, count in counts.items())
    mirrored = "" if settings["mirrored"] else "not "
    log.info("near-duplicates of training images, mirrored ones %scounted: %s", mirrored, told)
    facts = {f"near_duplicates_{side}": str(count) for side, count in counts.items()}
    store.write(neighbours, SUBSET_NEIGHBOURS, rows, job.stamp(sides.values()), **facts)
    store.write(scales, SCALES, scale_rows, job.stamp(sides.values()))
