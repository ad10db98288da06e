"""Finds the nearest training images of every real image, and counts near-duplicates on all sides."""

from pathlib import Path

from creativity import store
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import product_on, search
from creativity.neighbours.tables import SUBSET_NEIGHBOURS, neighbour_rows
from creativity.running.job import Job, log
from creativity.types import Values


def subset_neighbours(job: Job, *, train: Path, heldout: Path, reference: Path, neighbours: Path) -> None:
    sides, settings, product = {"train": train, "heldout": heldout, "reference": reference}, job.settings, product_on(job.device)
    known, real, ids = store.units(train), store.units(reference), store.ids(train)
    rows: list[tuple] = []
    nearest: dict[str, Values] = {}
    for space in settings["spaces"]:
        for side, path in sides.items():
            near = search(store.units(path), known, real, space, settings["k"], settings["mirrored"], side == "train", product)
            rows += neighbour_rows([(side, id_) for id_ in store.ids(path)], space, near, ids)
            if space == "pixel":
                nearest[side] = near.distances[:, 0]
    counts = near_duplicates(nearest)
    told = ", ".join(f"{count} in {side}" for side, count in counts.items())
    mirrored = "" if settings["mirrored"] else "not "
    log.info("near-duplicates of training images, mirrored ones %scounted: %s", mirrored, told)
    facts = {f"near_duplicates_{side}": str(count) for side, count in counts.items()}
    store.write(neighbours, SUBSET_NEIGHBOURS, rows, job.stamp(sides.values()), **facts)
