"""Any folder of images; a sub-folder's name is the label, and the group, of what lies in it."""

from pathlib import Path

from PIL import Image

from creativity.config import Dataset
from creativity.data.source import DataError, Source, read_file
from creativity.store import digest

GROUPS, REPEATS = True, False


def files(dataset: Dataset) -> list[Path]:
    folder = Path(str(dataset.path)).expanduser()
    if not folder.is_dir():
        raise DataError(f"dataset.path: found {str(folder)!r}, which is no folder; allowed: a folder of images.")
    suffixes = set(Image.registered_extensions())
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in suffixes and p.is_file())
    if not found:
        raise DataError(f"dataset.path: found no image in {str(folder)!r}; allowed: a folder of images.")
    return found


def count(dataset: Dataset) -> int:
    return len(files(dataset))


def fingerprint(dataset: Dataset) -> str:
    """A hash of the names and sizes of the images: one more, one less or another one is seen, a touched one is not."""
    return digest(files=[(path.as_posix(), path.stat().st_size) for path in files(dataset)])


def load(dataset: Dataset) -> Source:
    """The images in the order of their paths."""
    found = files(dataset)
    folder = Path(str(dataset.path)).expanduser()
    ids = [path.relative_to(folder).as_posix() for path in found]
    parents = [path.parent.relative_to(folder).as_posix() for path in found]
    labels = [None if parent == "." else parent for parent in parents]
    groups = None if any(label is None for label in labels) else parents
    return Source(ids, labels, groups, lambda i: read_file(found[i]))
