"""The data set `image-folder`: images of the user's own, in a folder (whose sub-folders are labels and groups), or in a file."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.collection import Collection, collect, remarks
from creativity.data.source import DataError, Source, collected
from creativity.store import digest

GROUPS, REPEATS = True, False


@dataclass(frozen=True)
class Sides:
    """The images of a data set: those that are trained on, where they have a place of their own, and the others.

    others: the places, in `other`, of the images that are none of `train`, by whatever way they are reached.
    """

    train: Collection | None
    other: Collection
    others: Sequence[int]

    @cached_property
    def trained(self) -> set[str]:
        """The digests of the images that are trained on."""
        return {image.digest for image in self.train.seen} if self.train else set()


def folder_of(path: str | None) -> Path:
    """A path of the configuration, with ~ expanded."""
    return Path(str(path)).expanduser()


def sides(dataset: Dataset) -> Sides:
    """The images in dataset.train and dataset.path. Raises DataError, with all that is wrong with either."""
    problems: list[str] = []
    other = collected(problems, lambda: collect(folder_of(dataset.path), "dataset.path", dataset.range))
    train = None
    if dataset.train is not None:
        train = collected(problems, lambda: collect(folder_of(dataset.train), "dataset.train", dataset.range))
    if problems or other is None:
        raise DataError("\n".join(problems))
    known = set(train.identities) if train else set()
    others = [i for i, identity in enumerate(other.identities) if identity not in known]
    if not others:
        raise DataError(f"dataset.path: found no image in {dataset.path!r} beside those of dataset.train; allowed: other images.")
    return Sides(train, other, others)


def fingerprint(images: Sides) -> str:
    """A hash of the names and the contents of all images."""
    return digest(train=images.train and images.train.fingerprint, path=images.other.fingerprint)


def count(dataset: Dataset) -> int:
    images = sides(dataset)
    return len(images.others) + (len(images.train.names) if images.train else 0)


def load(dataset: Dataset) -> Source:
    """The images of dataset.train, if any, and then the others. Ids are paths relative to their common folder."""
    images = sides(dataset)
    places: list[tuple[Collection, int]] = [(images.train, i) for i in range(len(images.train.names))] if images.train else []
    trained = len(places)
    places += [(images.other, i) for i in images.others]
    root = os.path.commonpath([where_of(path) for path in (dataset.path, dataset.train) if path is not None])
    before = [prefix(dataset.train, root)] * trained + [prefix(dataset.path, root)] * len(images.others)
    ids = [start + collection.names[i] for start, (collection, i) in zip(before, places, strict=True)]
    in_folders = all(folder_of(path).is_dir() for path in (dataset.path, dataset.train) if path is not None)
    parents = [id_.rpartition("/")[0] or None for id_ in ids] if in_folders else None
    labels = parents if parents else [collection.labels[i] for collection, i in places]
    groups = None if parents is None or None in parents else [str(parent) for parent in parents]
    trains = None if images.train is None else [i < trained for i in range(len(places))]
    return Source(ids, labels, groups, reader(places), trains, remarks_of(images, dataset))


def remarks_of(images: Sides, dataset: Dataset) -> list[str]:
    """What a user should know of how the images are read."""
    others = [images.other.seen[i] for i in images.others]
    notes = [*images.other.notes, *remarks(others, "dataset.path", dataset)]
    if images.train:
        notes = [*images.train.notes, *remarks(images.train.seen, "dataset.train", dataset), *notes]
    return notes


def reader(places: Sequence[tuple[Collection, int]]) -> Callable[[int], Image.Image]:
    """A function that reads the image of an index."""

    def read(i: int) -> Image.Image:
        collection, place = places[i]
        return collection.read(place)

    return read


def where_of(path: str) -> str:
    """The absolute path of a folder or file, without `..`; links are kept."""
    return os.path.abspath(folder_of(path))


def prefix(path: str | None, root: str) -> str:
    """What the ids of the images at a path begin with."""
    relative = os.path.relpath(where_of(str(path)), root)
    return "" if relative == "." else f"{relative}/"
