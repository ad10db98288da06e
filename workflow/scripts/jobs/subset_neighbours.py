"""Finds the nearest training images of every real image, and of tiles of new ones, and how far they are from the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from creativity import store
from creativity.measures import left_out
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import Product, product_on, searcher
from creativity.neighbours.spaces import Fitted, has_features
from creativity.neighbours.tables import (
    PROVENANCE,
    SCALE_K,
    SCALES,
    SUBSET_NEIGHBOURS,
    neighbour_rows,
    provenance_rows,
    read_spaces,
    search_features,
)
from creativity.neighbours.tiles import trace
from creativity.neighbours.vectors import in_rows
from creativity.running.job import Job, log
from creativity.types import Neighbours, Pictures, Places, Provenance, Vectors


class InSpace(NamedTuple):
    """What is nearest in one space: to the training images among the reference, and to the images of each side among these.

    To training images themselves only in spaces of rows, for the measures that ask for it; and where groups are kept apart, to
    those that are left out.
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
    spaces: Path,
    neighbours: Path,
    scales: Path,
    provenance: Path,
    train_features: Path | None = None,
    heldout_features: Path | None = None,
    reference_features: Path | None = None,
) -> None:
    """spaces: as fitted to the reference. scales: how far each training image is from the reference. provenance: of the tiles of
    held-out images, and of left-out training images after them, where groups are kept apart. *_features: where there are any.
    """
    sides, settings, product = {"train": train, "heldout": heldout, "reference": reference}, job.settings, product_on(job.device)
    pictures, ids = (
        {side: store.units(path) for side, path in sides.items()},
        {side: store.ids(path) for side, path in sides.items()},
    )
    out = left_out.places(len(ids["train"]), len(ids["heldout"])) if settings["by_group"] else None
    fitted = read_spaces(spaces)
    in_spaces = list(by_pictures(pictures, settings["spaces"], fitted, settings["k"], settings["mirrored"], product, out))
    facts = near_duplicates_of(next(one for one in in_spaces if one.space == "pixel"), pictures["train"], settings["mirrored"])
    features = {"train": train_features, "heldout": heldout_features, "reference": reference_features}
    given = {side: path for side, path in features.items() if path}
    if given:
        in_spaces.append(by_features(given, settings["k"], product, out))
    if out is not None:
        mirrors = in_rows(pictures["train"][..., ::-1]) if settings["mirrored"] else None
        in_spaces = [distinct(one, out, in_rows(pictures["train"]), mirrors) for one in in_spaces]
        ids[left_out.SET] = [ids["train"][place] for place in out]
    stamp = job.stamp([*sides.values(), spaces, *features.values()])
    store.write(neighbours, SUBSET_NEIGHBOURS, [row for one in in_spaces for row in rows_of(one, ids)], stamp, **facts)
    scale_rows = [
        (id_, one.space, d) for one in in_spaces for id_, d in zip(ids["train"], one.away.distances[:, -1].tolist(), strict=True)
    ]
    store.write(scales, SCALES, scale_rows, stamp)
    tiles = traced(pictures, settings["tile"], settings["mirrored"], settings["k"], out)
    store.write(provenance, PROVENANCE, provenance_rows(np.arange(len(tiles.sources)), tiles, ids["train"]), stamp)


def near_duplicates_of(pixel: InSpace, train: Pictures, mirrored: bool) -> dict[str, str]:
    """How many near-duplicates of training images each side has, as facts of a table; said in the log, too."""
    first = {side: near.distances[:, 0] for side, near in pixel.near.items() if side != left_out.SET}
    counts = near_duplicates(first, int(np.prod(train.shape[1:])))
    told = ", ".join(f"{count} in {side}" for side, count in counts.items())
    log.info("near-duplicates of training images, mirrored ones %scounted: %s", "" if mirrored else "not ", told)
    return {f"near_duplicates_{side}": str(count) for side, count in counts.items()}


def by_pictures(
    pictures: dict[str, Pictures],
    spaces: list[str],
    fitted: dict[str, Fitted],
    k: int,
    mirrored: bool,
    product: Product,
    out: Places | None,
) -> Iterator[InSpace]:
    """By what the images themselves are in these spaces, as fitted. out: the training images that are left out, if any."""
    train, reference = pictures["train"], pictures["reference"]
    for space in spaces:
        away = searcher(reference, fitted, space, mirrored, product)(train, SCALE_K, False)
        among_train = searcher(train, fitted, space, mirrored, product)
        sides = pictures if has_features(space) else {side: pictures[side] for side in ("heldout", "reference")}
        near = {side: among_train(images, k, side == "train") for side, images in sides.items()}
        if out is not None:
            near[left_out.SET] = rows_at(near["train"], out) if "train" in near else among_train(train[out], k + 1, False)
        yield InSpace(space, away, near)


def by_features(features: dict[str, Path], k: int, product: Product, out: Places | None) -> InSpace:
    """By the files of features of each side. out: as above."""
    train = features["train"]
    space, away = search_features(train, features["reference"], SCALE_K, product=product)
    near = {side: search_features(path, train, k, side == "train", product)[1] for side, path in features.items()}
    if out is not None:
        near[left_out.SET] = rows_at(near["train"], out)
    return InSpace(space, away, near)


def traced(pictures: dict[str, Pictures], side: int, mirrored: bool, k: int, out: Places | None) -> Provenance:
    """The provenance of the held-out images' tiles, and of the left-out training images' after them."""
    found = [trace(pictures["heldout"], pictures["train"], side, mirrored)]
    if out is not None:
        found.append(left_out.trace(pictures["train"], out, side, mirrored, k + 1))
    return Provenance(*map(np.concatenate, zip(*found, strict=True)))


def rows_at(near: Neighbours, places: Places) -> Neighbours:
    """The neighbours of the images at these places."""
    return Neighbours(*(column[places] for column in near))


def distinct(one: InSpace, out: Places, train: Vectors, mirrors: Vectors | None) -> InSpace:
    """The same, but of what is near the left-out images only the nearest that is no near-duplicate."""
    return one._replace(near=one.near | {left_out.SET: left_out.first_distinct(one.near[left_out.SET], out, train, mirrors)})


def rows_of(one: InSpace, ids: dict[str, list[str]]) -> Iterator[tuple]:
    """The neighbours of all sides, in the order of these."""
    for side, near in one.near.items():
        yield from neighbour_rows([(side, id_) for id_ in ids[side]], one.space, near, ids["train"])
