"""Images as people keep them, read one by one: a folder of image files or of Parquet shards, a Parquet file, an .npy or .npz file.

What can be known before an image is decoded is known here: all that is broken is named at once, before any job starts.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple, TypeVar

from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.arrays import ENDINGS, arrays_in, examine_arrays, labels_of_arrays
from creativity.data.decode import ALPHA, COLOUR, DEEP, FRAMES, Seen, read_file, shown
from creativity.data.examined import Examined, examine_image, examined
from creativity.data.folder import File, Folder, files_in, trouble
from creativity.data.source import DataError, listing
from creativity.data.table import Tables, examine_table, labels_in
from creativity.data.values import channels_last, range_of, to_levels
from creativity.fields import Range
from creativity.store import digest

FORMS = "a folder of images or of Parquet files, a Parquet file with a column named image, or an .npy or .npz file"
SHARD = re.compile(r"(.+?)-\d{5}-of-\d{5}")  # of Hugging Face's data sets: train-00000-of-00002
Content = TypeVar("Content")
Identity = tuple[int, int, int]  # device, inode, row


class Collection(NamedTuple):
    """The images at one place, in a fixed order.

    names: paths within a folder, or rows. labels: sub-folders, or what a file says. identities: equal for the same image reached by
    another way. seen: what the headers show. fingerprint: a hash of names and contents. notes: what a user should know.
    """

    names: Sequence[str]
    labels: Sequence[str | None]
    identities: Sequence[Identity]
    seen: Sequence[Seen]
    fingerprint: str
    notes: Sequence[str]
    read: Callable[[int], Image.Image]


def collect(where: Path, key: str, told: Range | None = None) -> Collection:
    """The images at a path. key: of the path in the campaign file. told: the range of numbers that the campaign file says.

    Raises DataError, naming the key, where there are none, with all files that cannot be read, or where the range is in doubt.
    """
    try:
        is_folder, is_file = where.is_dir(), where.is_file()
    except OSError as error:
        raise DataError(f"{key}: found {shown(where)!r} ({trouble(error)}); allowed: {FORMS}.") from None
    if is_folder:
        folder = files_in(where, key)
        check_folder(folder, where, key)
        if folder.tables:
            return of_tables(folder.tables, where, key, told)
        return of_images(folder, where, key, told)
    if not is_file:
        raise DataError(f"{key}: found {shown(where)!r}, which does not exist; allowed: {FORMS}.")
    if where.suffix.lower() in ENDINGS:
        return of_arrays(File.of(where), key, told)
    return of_tables([File.of(where)], where.parent, key, told)


def check_folder(folder: Folder, where: Path, key: str) -> None:
    """Raises DataError, naming the key, where a folder holds no images, or more than one kind of them."""
    if not folder.images and not folder.tables:
        beside = f" beside other files ({folder.others})" if folder.ignored else ""
        raise DataError(f"{key}: found no image in {shown(where)!r}{beside}; allowed: {FORMS}.")
    if folder.images and folder.tables:
        found = f"{len(folder.images)} image files beside {len(folder.tables)} Parquet files in {shown(where)!r}"
        raise DataError(f"{key}: found {found}; allowed: one of the two.")
    splits = {match.group(1) for file in folder.tables if (match := SHARD.match(file.path.stem))}
    if len(splits) > 1:
        raise DataError(
            f"{key}: found Parquet files of the splits {', '.join(sorted(splits))} in {shown(where)!r}; allowed: one split."
        )


def of_images(folder: Folder, where: Path, key: str, told: Range | None) -> Collection:
    """The image files of a folder. Raises DataError where some cannot be read."""
    names = [shown(file.path.relative_to(where)) for file in folder.images]
    facts = examined(folder.images, where, examine_image)
    check_broken(facts, names, where, key)
    values = range_in(facts, key, told)
    parents = [name.rpartition("/")[0] or None for name in names]
    notes = []
    if folder.again:
        again = listing([shown(path.relative_to(where)) for path in folder.again], "other name")
        notes.append(f"{key}: files that lie there under several names count once ({again}).")
    if folder.ignored:
        notes.append(f"{key}: other files than images are not read ({folder.others}).")
    paths = [file.path for file in folder.images]
    return Collection(
        names,
        parents,
        [(*file.identity, 0) for file in folder.images],
        [fact.images[0] for fact in facts],
        digest(files=[(name, fact.sha256) for name, fact in zip(names, facts, strict=True)]),
        notes,
        lambda i: read_file(paths[i], values),
    )


def of_tables(files: Sequence[File], where: Path, key: str, told: Range | None) -> Collection:
    """The rows of Parquet files. Raises DataError where some cannot be read."""
    facts = examined(files, where, examine_table)
    file_names = [shown(file.path.relative_to(where)) for file in files]
    check_broken(facts, file_names, where, key)
    values = range_in(facts, key, told)
    if not any(fact.images for fact in facts):
        raise DataError(f"{key}: found no image in {shown(where)!r}, in {', '.join(file_names)}; allowed: {FORMS}.")
    paths = [file.path for file in files]
    tables = once(lambda: Tables(paths, values or "bytes"))  # read with the first image, not while planning
    return of_rows(files, facts, labels_in(paths), lambda i: tables().read(i))


def of_arrays(file: File, key: str, told: Range | None) -> Collection:
    """The rows of an .npy or .npz file. Raises DataError where some cannot be read."""
    facts = examined([file], file.path.parent, examine_arrays)
    check_broken(facts, [file.path.name], file.path.parent, key)
    values = range_in(facts, key, told)
    arrays = once(lambda: arrays_in(file.path))

    def read(i: int) -> Image.Image:
        return Image.fromarray(to_levels(channels_last(arrays()[i]), values or "bytes"))

    return of_rows([file], facts, labels_of_arrays(file.path, len(facts[0].images)), read)


def of_rows(
    files: Sequence[File],
    facts: Sequence[Examined],
    labels: Sequence[str | None],
    read: Callable[[int], Image.Image],
) -> Collection:
    """The rows of files that have been examined."""

    def read_named(i: int) -> Image.Image:
        try:
            return read(i)
        except DataError as error:
            file, row = places[i]
            raise DataError(f"{shown(file.path)}, row {row}: {error}") from None

    places = [(file, row) for file, fact in zip(files, facts, strict=True) for row in range(len(fact.images))]
    prefix = [f"{shown(Path(file.path.name))} " if len(files) > 1 else "" for file, _ in places]
    return Collection(
        [f"{before}row {row}" for before, (_, row) in zip(prefix, places, strict=True)],
        labels,
        [(*file.identity, row) for file, row in places],
        [image for fact in facts for image in fact.images],
        digest(files=[fact.sha256 for fact in facts]),
        [],
        read_named,
    )


def once(make: Callable[[], Content]) -> Callable[[], Content]:
    """A function that makes something at its first call, in whichever thread, and returns the same ever after."""
    lock, made_once = Lock(), cache(make)

    def get() -> Content:
        with lock:
            return made_once()

    return get


def check_broken(facts: Sequence[Examined], names: Sequence[str], where: Path, key: str) -> None:
    """Raises DataError, naming the key, with the first ten images that cannot be read, and how many they are."""
    broken = [
        f"{name}{', ' if which else ''}{which} ({why})"
        for name, fact in zip(names, facts, strict=True)
        for which, why in fact.broken
    ]
    if broken:
        raise DataError(f"{key}: found {listing(broken, 'unreadable image')}, in {shown(where)!r}; allowed: {FORMS}.")


def range_in(facts: Sequence[Examined], key: str, told: Range | None) -> Range | None:
    """The range of the arrays of numbers among examined files; None where there are none. Raises DataError as `range_of` does."""
    numbers = [fact.numbers for fact in facts if fact.numbers]
    section = key.rpartition(".")[0]
    if not numbers:
        if told is not None:
            raise DataError(
                f"{section}.range: found {told}, while {key} holds encoded images, whose range is known; allowed: null."
            )
        return None
    kinds = sorted({kind for kind, _, _ in numbers})
    if len(kinds) > 1:
        raise DataError(f"{key}: found numbers of several types ({', '.join(kinds)}); allowed: one type.")
    return range_of(section, kinds[0], min(low for _, low, _ in numbers), max(high for _, _, high in numbers), told)


def remarks(seen: Sequence[Seen], key: str, dataset: Dataset) -> list[str]:
    """How images are changed before they are compared, a sentence for each way. key: of the path in the campaign file."""
    side, total = dataset.size, len(seen)
    other = [image for image in seen if (image.width, image.height) != (side, side)]
    counts = {trait: sum(trait in image.traits for image in seen) for trait in (ALPHA, FRAMES, DEEP, COLOUR)}
    lines = []
    if other:
        least, most = (f(min(image.width, image.height) for image in other) for f in (min, max))
        how = "cut to the central square and " if dataset.crop == "center" else ""
        sizes = f"{least}" if least == most else f"{least} to {most}"
        lines.append(f"{len(other)} of {total} images (shorter side {sizes}) are {how}resized to {side} x {side}")
    if counts[ALPHA]:
        lines.append(f"{counts[ALPHA]} of {total} images have an alpha channel or transparent pixels and are laid on white")
    if counts[FRAMES]:
        lines.append(f"{counts[FRAMES]} of {total} images have several frames or pages, of which the first is read")
    if counts[DEEP]:
        lines.append(f"{counts[DEEP]} of {total} images have more than 8 bits and are scaled to 8")
    if counts[COLOUR] and not dataset.color:
        lines.append(f"{counts[COLOUR]} of {total} images are in colour and become grey, since dataset.color is false")
    if dataset.color and counts[COLOUR] < total:
        lines.append(f"{total - counts[COLOUR]} of {total} images are grey and become RGB, since dataset.color is true")
    return [f"{key}: {line}." for line in lines]
