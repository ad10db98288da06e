"""Any folder of images; a sub-folder's name is the label, and the group, of what lies in it."""

import os
from pathlib import Path

from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.source import DataError, Source, read_file
from creativity.store import digest

GROUPS, REPEATS = True, False


def images_in(folder: Path, key: str) -> list[Path]:
    """The image files in a folder and below, by their paths. Raises DataError, with the key, where there is none."""
    if not folder.is_dir():
        raise DataError(f"{key}: found {str(folder)!r}, which is no folder; allowed: a folder of images.")
    suffixes = set(Image.registered_extensions())
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in suffixes and p.is_file())
    if not found:
        raise DataError(f"{key}: found no image in {str(folder)!r}; allowed: a folder of images.")
    return found


def folder_of(path: str | None) -> Path:
    return Path(str(path)).expanduser()


def trained_on(dataset: Dataset) -> list[Path]:
    """The images of the folder `dataset.train`; none where there is no such folder."""
    return images_in(folder_of(dataset.train), "dataset.train") if dataset.train is not None else []


def files(dataset: Dataset) -> list[Path]:
    """All images, those that are trained on first where they have a folder of their own."""
    trained = trained_on(dataset)
    known = set(trained)
    return trained + [path for path in images_in(folder_of(dataset.path), "dataset.path") if path not in known]


def count(dataset: Dataset) -> int:
    return len(files(dataset))


def fingerprint(dataset: Dataset) -> str:
    """A hash of the names and sizes of the images: one more, one less or another one is seen, a touched one is not."""
    return digest(files=[(path.as_posix(), path.stat().st_size) for path in files(dataset)])


def load(dataset: Dataset) -> Source:
    """The images in the order of their paths. Ids begin at the folder, or at what the two folders have in common."""
    found = files(dataset)
    folders = [folder_of(path) for path in (dataset.path, dataset.train) if path is not None]
    folder = folders[0] if len(folders) == 1 else Path(os.path.commonpath(folders))
    trains = None if dataset.train is None else [i < len(trained_on(dataset)) for i in range(len(found))]
    ids = [path.relative_to(folder).as_posix() for path in found]
    parents = [path.parent.relative_to(folder).as_posix() for path in found]
    labels = [None if parent == "." else parent for parent in parents]
    groups = None if any(label is None for label in labels) else parents
    return Source(ids, labels, groups, lambda i: read_file(found[i]), trains)
