"""Finds the nearest training images of every real image, and of tiles of held-out ones, and how far they are from the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from creativity import store
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import Product, product_on, searcher
from creativity.neighbours.spaces import has_features
from creativity.neighbours.tables import (
    PROVENANCE,
    SCALE_K,
    SCALES,
    SUBSET_NEIGHBOURS,
    neighbour_rows,
    provenance_rows,
    search_features,
)
from creativity.neighbours.tiles import trace
from creativity.running.job import Job, log
from creativity.types import Neighbours, Pictures


class InSpace(NamedTuple):
    """What is nearest in one space: to the training images among the reference, and to the images of each side among these.

    To training images themselves only in spaces of rows, for the measures that ask for it.
    """

    space: str
    away: Neighbours
    near: dict[str, Neighbours]


def subset_neighbours(
    job: Job,
    *,
    train: Path,
    heldout: Path,
    reference: Path,
    neighbours: Path,
    scales: Path,
    provenance: Path,
    train_features: Path | None = None,
    heldout_features: Path | None = None,
    reference_features: Path | None = None,
) -> None:
    """scales: how far each training image is from the reference; provenance: of the held-out images' tiles.

    *_features: where the campaign has any.
    """
    sides, settings, product = {"train": train, "heldout": heldout, "reference": reference}, job.settings, product_on(job.device)
    pictures, ids = (
        {side: store.units(path) for side, path in sides.items()},
        {side: store.ids(path) for side, path in sides.items()},
    )
    spaces = list(by_pictures(pictures, settings["spaces"], settings["k"], settings["mirrored"], product))
    facts = near_duplicates_of(next(one for one in spaces if one.space == "pixel"), pictures["train"], settings["mirrored"])
    features = {"train": train_features, "heldout": heldout_features, "reference": reference_features}
    given = {side: path for side, path in features.items() if path}
    if given:
        spaces.append(by_features(given, settings["k"], product))
    stamp = job.stamp([*sides.values(), *features.values()])
    store.write(neighbours, SUBSET_NEIGHBOURS, [row for one in spaces for row in rows_of(one, ids)], stamp, **facts)
    scale_rows = [
        (id_, one.space, d) for one in spaces for id_, d in zip(ids["train"], one.away.distances[:, -1].tolist(), strict=True)
    ]
    store.write(scales, SCALES, scale_rows, stamp)
    traced = trace(pictures["heldout"], pictures["train"], settings["tile"], settings["mirrored"])
    store.write(provenance, PROVENANCE, provenance_rows(np.arange(len(ids["heldout"])), traced, ids["train"]), stamp)


def near_duplicates_of(pixel: InSpace, train: Pictures, mirrored: bool) -> dict[str, str]:
    """How many near-duplicates of training images each side has, as facts of a table; said in the log, too."""
    first = {side: near.distances[:, 0] for side, near in pixel.near.items()}
    counts = near_duplicates(first, int(np.prod(train.shape[1:])))
    told = ", ".join(f"{count} in {side}" for side, count in counts.items())
    log.info("near-duplicates of training images, mirrored ones %scounted: %s", "" if mirrored else "not ", told)
    return {f"near_duplicates_{side}": str(count) for side, count in counts.items()}


def by_pictures(pictures: dict[str, Pictures], spaces: list[str], k: int, mirrored: bool, product: Product) -> Iterator[InSpace]:
    """By what the images themselves are in these spaces."""
    train, reference = pictures["train"], pictures["reference"]
    for space in spaces:
        away = searcher(reference, reference, space, mirrored, product)(train, SCALE_K, False)
        among_train = searcher(train, reference, space, mirrored, product)
        sides = pictures if has_features(space) else {side: pictures[side] for side in ("heldout", "reference")}
        yield InSpace(space, away, {side: among_train(images, k, side == "train") for side, images in sides.items()})


def by_features(features: dict[str, Path], k: int, product: Product) -> InSpace:
    """By the files of features of each side."""
    train = features["train"]
    space, away = search_features(train, features["reference"], SCALE_K, product=product)
    near = {side: search_features(path, train, k, side == "train", product)[1] for side, path in features.items()}
    return InSpace(space, away, near)


def rows_of(one: InSpace, ids: dict[str, list[str]]) -> Iterator[tuple]:
    """The neighbours of all sides, in the order of these."""
    for side, near in one.near.items():
        yield from neighbour_rows([(side, id_) for id_ in ids[side]], one.space, near, ids["train"])
