"""Which image files a folder holds: sub-folders and links are followed, each folder and each file once."""

import os
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from creativity.data.decode import shown, suffixes
from creativity.data.source import DataError, listing

SYSTEM = {
    "thumbs.db",
    "ehthumbs.db",
    "desktop.ini",
    "__macosx",
    "@eadir",
    "$recycle.bin",
    "system volume information",
    "lost+found",
}
TABLES = {".parquet"}


class File(NamedTuple):
    """A file with the state by which a change of it is noticed. By `identity` the same file is known under another name."""

    path: Path
    identity: tuple[int, int]  # device, inode
    state: tuple[int, int, int, int]  # bytes, times of the last change of content and of state in ns, inode

    @classmethod
    def of(cls, path: Path) -> "File":
        """Raises OSError where there is no such file."""
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        return cls(path, (status.st_dev, status.st_ino), state)


class Folder(NamedTuple):
    """The files in a folder, sorted by path. again: further names of files. ignored: number of other files by ending."""

    images: list[File]
    tables: list[File]
    again: list[Path]
    ignored: Counter[str]

    @property
    def others(self) -> str:
        """The ignored files in words."""
        return ", ".join(f"{count} {ending}" for ending, count in sorted(self.ignored.items()))


def hidden(name: str) -> bool:
    """Whether a file or folder is hidden, or one that systems and programs leave beside images."""
    return name.startswith(".") or name.lower() in SYSTEM


def files_in(folder: Path, key: str) -> Folder:
    """The files in a folder. Raises DataError, naming the key, with all folders and links that cannot be followed.

    A folder or file that several links lead to is read under its own name, or else under the first of the links'.
    """
    closed: list[str] = []
    found: dict[tuple[int, int], File] = {}
    again: list[Path] = []
    ignored: Counter[str] = Counter()
    for path in sorted(walk(folder, closed), key=lambda path: (path.is_symlink(), path)):
        if path.suffix.lower() not in suffixes() | TABLES:
            ignored[path.suffix.lower() or "without an ending"] += 1
            continue
        try:
            file = File.of(path)
        except OSError as error:
            closed.append(f"{shown(path)} ({trouble(error)})")
            continue
        if found.setdefault(file.identity, file) is not file:
            again.append(path)
    if closed:
        raise DataError(f"{key}: found {listing(closed, 'path')} in {str(folder)!r}; allowed: ones that can be read.")
    files = sorted(found.values(), key=lambda file: file.path)
    images = [file for file in files if file.path.suffix.lower() not in TABLES]
    return Folder(images, [file for file in files if file.path.suffix.lower() in TABLES], again, ignored)


def walk(folder: Path, closed: list[str]) -> list[Path]:
    """All files in a folder and its sub-folders that are not hidden; linked folders come last. closed: what cannot be listed."""
    paths: list[Path] = []
    pending, links = [folder], list[Path]()
    visited: set[tuple[int, int]] = set()
    while pending or links:
        here = pending.pop() if pending else links.pop(0)
        try:
            status = here.stat()
            if (status.st_dev, status.st_ino) in visited:
                continue
            visited.add((status.st_dev, status.st_ino))
            entries = sorted((entry for entry in os.scandir(here) if not hidden(entry.name)), key=lambda entry: entry.name)
        except OSError as error:
            closed.append(f"{shown(here)} ({trouble(error)})")
            continue
        for entry in entries:
            if is_folder(entry):
                (links if entry.is_symlink() else pending).append(here / entry.name)
            elif entry.is_symlink() or entry.is_file():
                paths.append(here / entry.name)
    return paths


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder or a link to one; False for a link that leads in a circle."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def trouble(error: OSError) -> str:
    """Why a file or folder cannot be read, in a few words."""
    return "a link to nothing" if isinstance(error, FileNotFoundError) else str(error.strerror).lower()
