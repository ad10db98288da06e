"""Cutting disjoint sets out of a source: reference, held-out and train."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from creativity import store
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import DataError, Pixels, Source, pixels, sha256


class Picture(NamedTuple):
    """One image of a set, as it is stored."""

    id: str
    sha256: str
    label: str | None
    image: Pixels


class Taken:
    """What already stands on some side: no image with the same id, group or pixels may stand on another."""

    def __init__(self, source: Source, subsets: Subsets) -> None:
        group_of = source.groups if subsets.split == "group" else source.ids
        if group_of is None:
            raise DataError("subsets.split: found group; allowed: image, since these images have no groups.")
        self.group_of = group_of
        self.index = {id_: i for i, id_ in enumerate(source.ids)}
        self.groups: set[str] = set()
        self.hashes: set[str] = set()

    def add(self, side: list[Picture]) -> None:
        self.groups |= {self.group_of[self.index[picture.id]] for picture in side}
        self.hashes |= {picture.sha256 for picture in side}


def cut_reference(source: Source, dataset: Dataset, subsets: Subsets) -> list[Picture]:
    """The reference images: one choice for the whole campaign."""
    taken = Taken(source, subsets)
    return take(source, dataset, shuffled(taken, (0,), heldout_of(source)), subsets.reference, taken, "subsets.reference")


def cut_subset(
    source: Source, dataset: Dataset, subsets: Subsets, reference: list[Picture], size: int, seed: int
) -> tuple[list[Picture], list[Picture]]:
    """Train and held-out images of one size and seed, disjoint from each other and from the reference.

    The subsets of one seed are nested: a smaller one is the beginning of a larger one. With `disjoint`, all seeds share
    the held-out images and follow one another in one order. Raises DataError where there are too few images.
    """
    taken = Taken(source, subsets)
    taken.add(reference)
    seeds = (1,) if subsets.disjoint else (1, seed)
    order = shuffled(taken, seeds, heldout_of(source))
    heldout = take(source, dataset, order, subsets.heldout, taken, "subsets.heldout")
    taken.add(heldout)
    if source.trains is not None:
        order = shuffled(taken, seeds, source.trains)
    for _ in subsets.seeds[: subsets.seeds.index(seed)] if subsets.disjoint else ():
        taken.add(take(source, dataset, order, max(subsets.sizes), taken, "subsets.sizes"))
    return take(source, dataset, order, size, taken, "subsets.sizes"), heldout


def heldout_of(source: Source) -> Sequence[bool] | None:
    """Which images may be held out; None: any."""
    return None if source.trains is None else [not trains for trains in source.trains]


def shuffled(taken: Taken, seed: tuple[int, ...], among: Sequence[bool] | None) -> Iterator[tuple[str, list[int]]]:
    """Groups in a random order, each with its images in a random order. among: which images come at all; None: all."""
    rng = np.random.default_rng(seed)
    place = rng.permutation(len(taken.group_of))
    rank = {group: place[i] for i, group in enumerate(taken.group_of)}  # the rank of a group is that of its last image
    order = sorted(range(len(place)), key=lambda i: (rank[taken.group_of[i]], place[i]))
    for group, members in groupby(order, key=lambda i: taken.group_of[i]):
        yield group, [i for i in members if among is None or among[i]]


def take(
    source: Source, dataset: Dataset, order: Iterator[tuple[str, list[int]]], count: int, taken: Taken, key: str
) -> list[Picture]:
    """The next `count` images of the order that no other side holds. What is left of the last group is dropped."""
    side: list[Picture] = []
    for group, members in order:
        if group in taken.groups:
            continue
        for i in members:
            image = pixels(source.read(i), dataset)
            digest = sha256(image)
            if dataset.repeats or digest not in taken.hashes:
                side.append(Picture(source.ids[i], digest, source.labels[i], image))
            if len(side) == count:
                return side
    raise DataError(f"{key}: found {len(side)} images that stand on no other side; needed: {count}.")


def write_pictures(path: Path, side: list[Picture], stamp: store.Stamp) -> None:
    """One set as Parquet: id, sha256, label, image (uint8 [c, h, w])."""
    ids, hashes, labels, images = zip(*side, strict=True)
    store.write_images(path, {"id": ids, "sha256": hashes, "label": labels}, np.stack(images), stamp)


def read_pictures(path: Path) -> list[Picture]:
    """A set as `write_pictures` left it. Raises StoreError where it cannot be read."""
    table = store.read(path)
    columns = (table[name].to_pylist() for name in ("id", "sha256", "label"))
    return [Picture(*row) for row in zip(*columns, store.levels(table, path), strict=True)]
