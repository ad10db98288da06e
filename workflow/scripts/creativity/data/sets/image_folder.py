"""The data set `image-folder`: any folder of image files; the name of a sub-folder is the label and the group of its images."""

import os
from pathlib import Path

from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.source import DataError, Source, read_file
from creativity.store import digest

GROUPS, REPEATS = True, False


def images_in(folder: Path, key: str) -> list[Path]:
    """The image files in a folder and its sub-folders, sorted by path. Raises DataError, naming the key, where there are none."""
    if not folder.is_dir():
        raise DataError(f"{key}: found {str(folder)!r}, which is no folder; allowed: a folder of images.")
    suffixes = set(Image.registered_extensions())
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in suffixes and p.is_file())
    if not paths:
        raise DataError(f"{key}: found no image in {str(folder)!r}; allowed: a folder of images.")
    return paths


def folder_of(path: str | None) -> Path:
    """A path of the configuration, with ~ expanded."""
    return Path(str(path)).expanduser()


def trained_on(dataset: Dataset) -> list[Path]:
    """The image files in dataset.train; empty where that is null."""
    return images_in(folder_of(dataset.train), "dataset.train") if dataset.train is not None else []


def files(dataset: Dataset) -> list[Path]:
    """All image files: those in dataset.train first, then those in dataset.path."""
    trained = trained_on(dataset)
    listed = set(trained)
    return trained + [path for path in images_in(folder_of(dataset.path), "dataset.path") if path not in listed]


def count(dataset: Dataset) -> int:
    return len(files(dataset))


def fingerprint(dataset: Dataset) -> str:
    """A hash of the paths and sizes of the image files, so that it does not depend on their modification times."""
    return digest(files=[(path.as_posix(), path.stat().st_size) for path in files(dataset)])


def load(dataset: Dataset) -> Source:
    """The images in the order of `files`. Ids are paths relative to the folder, or to the common parent of the two folders."""
    paths = files(dataset)
    folders = [folder_of(path) for path in (dataset.path, dataset.train) if path is not None]
    folder = folders[0] if len(folders) == 1 else Path(os.path.commonpath(folders))
    trains = None if dataset.train is None else [i < len(trained_on(dataset)) for i in range(len(paths))]
    ids = [path.relative_to(folder).as_posix() for path in paths]
    parents = [path.parent.relative_to(folder).as_posix() for path in paths]
    labels = [None if parent == "." else parent for parent in parents]
    groups = None if any(label is None for label in labels) else parents
    return Source(ids, labels, groups, lambda i: read_file(paths[i]), trains)
