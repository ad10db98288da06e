"""Cuts disjoint sets of images out of a data set: reference, held-out and training images.

Disjoint means that no two sets share an id, a group (with split: group) or, unless dataset.repeats, identical pixels. Where
training images have a folder of their own, all of them count as trained on, and images of the other folder that look the same give
way.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from creativity import store
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import DataError, Pixels, Source, listing, pixels, sha256
from creativity.data.stream import check_read, read_ahead

FEWEST_REFERENCE = 8
BATCH = 1024  # images written at once
Item = TypeVar("Item")


class Picture(NamedTuple):
    """One image of a set, with the columns that are stored in its Parquet file."""

    id: str
    sha256: str
    label: str | None
    image: Pixels


class Place(NamedTuple):
    """Where an image stands in a data set."""

    position: int
    group: str


class Cut:
    """The sets that are cut out of a data set one after another, none of which may contain what another contains.

    groups, hashes: of the complete sets. gave_way: ids of images that were left out because another set has identical pixels.
    twins: pairs of ids of training images with identical pixels.
    """

    def __init__(self, source: Source, dataset: Dataset, subsets: Subsets, threads: int = 1) -> None:
        group_of = source.groups if subsets.split == "group" else source.ids
        if group_of is None:
            raise DataError("subsets.split: found group; allowed: image, since these images have no groups.")
        self.source, self.dataset, self.subsets, self.threads = source, dataset, subsets, threads
        self.group_of: Sequence[str] = group_of
        self.groups: set[str] = set()
        self.hashes: set[str] = set()
        self.gave_way: list[str] = []
        self.twins: list[tuple[str, str]] = []
        self.broken: list[str] = []

    def picture(self, place: Place) -> Picture:
        """One image, brought to the size of the data set."""
        image = pixels(self.source.read(place.position), self.dataset)
        return Picture(self.source.ids[place.position], sha256(image), self.source.labels[place.position], image)

    def stream(self, seed: tuple[int, ...], allowed: Sequence[bool] | None) -> Iterator[tuple[Place, Picture]]:
        """The images in random order, without those of groups that are taken. allowed: which images to include; None: all.

        Images that cannot be read are left out and noted in `broken`.
        """
        order = (place for place in shuffled(self.group_of, seed, allowed) if place.group not in self.groups)
        for place, content in read_ahead(order, self.picture, self.threads):
            if isinstance(content, DataError):
                self.broken.append(str(content))
            else:
                yield place, content

    def take(self, stream: Iterable[tuple[Place, Picture]], count: int | None, repeats: bool) -> Iterator[Picture]:
        """The next `count` images of a stream that are in no complete set; all there are where count is None.

        The set is complete, and its groups and hashes are taken, once the iterator has come to its end; the unused rest of the last
        group is dropped. repeats: images may repeat within the set.
        """
        groups: set[str] = set()
        ids: dict[str, str] = {}
        number = 0
        for place, picture in () if count == 0 else stream:
            if place.group in self.groups:
                continue
            if not self.dataset.repeats and (picture.sha256 in self.hashes or (picture.sha256 in ids and not repeats)):
                self.gave_way.append(picture.id)
                continue
            if picture.sha256 in ids:
                self.twins.append((ids[picture.sha256], picture.id))
            ids.setdefault(picture.sha256, picture.id)
            groups.add(place.group)
            number += 1
            yield picture
            if number == count:
                break
        self.groups |= groups
        self.hashes |= set(ids)

    def exactly(self, stream: Iterable[tuple[Place, Picture]], count: int, repeats: bool, key: str) -> Iterator[Picture]:
        """As `take`. Raises DataError, naming the configuration key, where there are fewer, or broken images."""
        yield from self.at_least(self.take(stream, count, repeats), count, key)

    def at_least(self, pictures: Iterable[Picture], least: int, key: str) -> Iterator[Picture]:
        """A set as it is. Raises DataError, at its end, where it is too small or images cannot be read."""
        number = 0
        for picture in pictures:
            yield picture
            number += 1
        if number < least or self.broken:
            check_read(self.broken)
            same = f"; {listing(self.gave_way, 'image')} give way to identical ones" if self.gave_way else ""
            raise DataError(f"{key}: found {number} images that stand on no other side{same}; needed: {least}.")


def cut_reference(cut: Cut) -> Iterator[Picture]:
    """The reference images, the same for all subsets of a campaign.

    Where training images have a folder of their own, the reference is smaller than subsets.reference where so many images of the
    other folder repeat or look like training images that too few held-out images would be left. Raises DataError where there are
    too few images.
    """
    source, subsets = cut.source, cut.subsets
    if source.trains is None:
        yield from cut.exactly(cut.stream((0,), None), subsets.reference, False, "subsets.reference")
        return
    finish(cut.take(cut.stream((1,), source.trains), None, True))
    others = cut.stream((0,), heldout_of(source))
    both = cut.take(others, subsets.reference + subsets.heldout, False)
    yield from cut.at_least(all_but_last(both, subsets.heldout), FEWEST_REFERENCE, "subsets.reference")


def cut_subset(
    cut: Cut, reference: Iterable[tuple[str, str]], size: int, seed: int, write: Callable[[str, Iterator[Picture]], None]
) -> None:
    """Hands the training and the held-out images of one size and seed, disjoint from each other and the reference, to `write`.

    reference: (id, sha256) of its images. write: is called with "train" or "heldout" and the images, all of which it must take.
    The training sets of one seed are nested: a smaller one is the beginning of a larger one. With subsets.disjoint all seeds share
    the held-out images and one random order, from which they take consecutive blocks of the largest size.
    Raises DataError where there are too few images.
    """
    source, subsets = cut.source, cut.subsets
    index = {id_: i for i, id_ in enumerate(source.ids)}
    for id_, digest in reference:
        cut.groups.add(cut.group_of[index[id_]])
        cut.hashes.add(digest)
    seeds = (1,) if subsets.disjoint else (1, seed)
    skipped = max(subsets.sizes) * subsets.seeds.index(seed) if subsets.disjoint else 0
    if source.trains is None:
        order = cut.stream(seeds, None)
        write("heldout", cut.exactly(order, subsets.heldout, False, "subsets.heldout"))
        finish(cut.exactly(order, skipped, True, "subsets.sizes"))
        write("train", cut.exactly(order, size, True, "subsets.sizes"))
        return
    trained = cut.take(cut.stream(seeds, source.trains), None, True)
    finish(islice(trained, skipped))
    write("train", cut.at_least(islice(trained, size), size, "subsets.sizes"))
    finish(trained)
    write("heldout", cut.exactly(cut.stream(seeds, heldout_of(source)), subsets.heldout, False, "subsets.heldout"))


def finish(pictures: Iterable[Picture]) -> None:
    """Goes through images that are not written, so that they count as taken."""
    deque(pictures, maxlen=0)


def all_but_last(pictures: Iterable[Item], count: int) -> Iterator[Item]:
    """All images but the last `count`, which are held in memory.

    >>> list(all_but_last("abcde", 2))
    ['a', 'b', 'c']
    """
    held: deque[Item] = deque()
    for picture in pictures:
        held.append(picture)
        if len(held) > count:
            yield held.popleft()


def heldout_of(source: Source) -> Sequence[bool] | None:
    """Which images may be held-out or reference images; None: any."""
    return None if source.trains is None else [not trains for trains in source.trains]


def shuffled(group_of: Sequence[str], seed: tuple[int, ...], allowed: Sequence[bool] | None) -> Iterator[Place]:
    """The images in random order, group by group. allowed: which images to include; None: all."""
    rng = np.random.default_rng(seed)
    place = rng.permutation(len(group_of))
    rank = {group: place[i] for i, group in enumerate(group_of)}  # the rank of a group is that of its last image
    order = sorted(range(len(place)), key=lambda i: (rank[group_of[i]], place[i]))
    for group, members in groupby(order, key=lambda i: group_of[i]):
        yield from (Place(i, group) for i in members if allowed is None or allowed[i])


def write_pictures(path: Path, pictures: Iterable[Picture], stamp: store.Stamp) -> None:
    """Writes a set as Parquet with the columns id, sha256, label and image (uint8 [c, h, w]), as the images come."""
    store.write_image_batches(path, (batch_of(batch) for batch in batches(pictures)), stamp)


def batches(pictures: Iterable[Picture]) -> Iterator[list[Picture]]:
    """The images in lists of BATCH."""
    iterator = iter(pictures)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def batch_of(pictures: list[Picture]) -> pa.Table:
    """Some images as a table."""
    ids, hashes, labels, images = zip(*pictures, strict=True)
    return store.image_table({"id": ids, "sha256": hashes, "label": labels}, np.stack(images))


def read_keys(path: Path) -> list[tuple[str, str]]:
    """(id, sha256) of the images of a set. Raises StoreError where the file cannot be read."""
    table = store.read(path, ["id", "sha256"])
    return list(zip(table["id"].to_pylist(), table["sha256"].to_pylist(), strict=True))


def listing_of_twins(pairs: Sequence[tuple[str, str]]) -> str:
    """Pairs of ids of training images that look the same, in words.

    >>> listing_of_twins([("a.png", "b.png")])
    '1 training image: a.png = b.png'
    """
    return listing([f"{one} = {other}" for one, other in pairs], "training image")


def twins(keys: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pairs of ids of images with one hash: each image beside the first that looks the same. keys: (id, sha256).

    >>> twins([("a", "0"), ("b", "1"), ("c", "0"), ("d", "0")])
    [('a', 'c'), ('a', 'd')]
    """
    first: dict[str, str] = {}
    return [(first[digest], id_) for id_, digest in keys if first.setdefault(digest, id_) != id_]
