"""Cuts disjoint sets of images out of a data set: reference, held-out and training images.

Disjoint means that no two sets share an id, a group (with split: group) or, unless dataset.repeats, identical pixels.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import numpy as np

from creativity import store
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import DataError, Pixels, Source, pixels, sha256


class Picture(NamedTuple):
    """One image of a set, with the columns that are stored in its Parquet file."""

    id: str
    sha256: str
    label: str | None
    image: Pixels


class Taken:
    """The groups (or ids) and the pixel hashes of the sets cut so far, which no further set may contain."""

    def __init__(self, source: Source, subsets: Subsets) -> None:
        group_of = source.groups if subsets.split == "group" else source.ids
        if group_of is None:
            raise DataError("subsets.split: found group; allowed: image, since these images have no groups.")
        self.group_of = group_of
        self.index = {id_: i for i, id_ in enumerate(source.ids)}
        self.groups: set[str] = set()
        self.hashes: set[str] = set()

    def add(self, chosen: list[Picture]) -> None:
        self.groups |= {self.group_of[self.index[picture.id]] for picture in chosen}
        self.hashes |= {picture.sha256 for picture in chosen}


def cut_reference(source: Source, dataset: Dataset, subsets: Subsets) -> list[Picture]:
    """The reference images, the same for all subsets of a campaign. Raises DataError where there are too few images."""
    taken = Taken(source, subsets)
    return take(source, dataset, shuffled(taken, (0,), heldout_of(source)), subsets.reference, taken, "subsets.reference")


def cut_subset(
    source: Source, dataset: Dataset, subsets: Subsets, reference: list[Picture], size: int, seed: int
) -> tuple[list[Picture], list[Picture]]:
    """The training and the held-out images of one size and seed, disjoint from one another and from the reference.

    The training sets of one seed are nested: a smaller one is the beginning of a larger one. With subsets.disjoint all seeds share
    the held-out images and one random order, from which they take consecutive blocks of the largest size.
    Raises DataError where there are too few images.
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
    """Which images may be held-out or reference images; None: any."""
    return None if source.trains is None else [not trains for trains in source.trains]


def shuffled(taken: Taken, seed: tuple[int, ...], allowed: Sequence[bool] | None) -> Iterator[tuple[str, list[int]]]:
    """(group, indices of its images) in random order, the indices too. allowed: which images to include; None: all."""
    rng = np.random.default_rng(seed)
    place = rng.permutation(len(taken.group_of))
    rank = {group: place[i] for i, group in enumerate(taken.group_of)}  # the rank of a group is that of its last image
    order = sorted(range(len(place)), key=lambda i: (rank[taken.group_of[i]], place[i]))
    for group, members in groupby(order, key=lambda i: taken.group_of[i]):
        yield group, [i for i in members if allowed is None or allowed[i]]


def take(
    source: Source, dataset: Dataset, order: Iterator[tuple[str, list[int]]], count: int, taken: Taken, key: str
) -> list[Picture]:
    """The next `count` images of an order that are in no other set; the unused rest of the last group is dropped.

    key: the configuration key that the DataError names, raised where the order has too few images.
    """
    chosen: list[Picture] = []
    for group, members in order:
        if group in taken.groups:
            continue
        for i in members:
            image = pixels(source.read(i), dataset)
            digest = sha256(image)
            if dataset.repeats or digest not in taken.hashes:
                chosen.append(Picture(source.ids[i], digest, source.labels[i], image))
            if len(chosen) == count:
                return chosen
    raise DataError(f"{key}: found {len(chosen)} images that stand on no other side; needed: {count}.")


def write_pictures(path: Path, pictures: list[Picture], stamp: store.Stamp) -> None:
    """Writes a set as Parquet with the columns id, sha256, label and image (uint8 [c, h, w])."""
    ids, hashes, labels, images = zip(*pictures, strict=True)
    store.write_images(path, {"id": ids, "sha256": hashes, "label": labels}, np.stack(images), stamp)


def read_pictures(path: Path) -> list[Picture]:
    """Reads a set written by `write_pictures`. Raises StoreError where the file cannot be read."""
    table = store.read(path)
    columns = (table[name].to_pylist() for name in ("id", "sha256", "label"))
    return [Picture(*row) for row in zip(*columns, store.levels(table, path), strict=True)]
