"""Files that are written whole or not at all, and the hash of what determines a file's content."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from creativity.errors import UserError


class StoreError(UserError):
    """A result file that is missing or is not what it should be; its text is one sentence."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write to; the file takes its own name once it is whole and on the disk.

    Raises StoreError where it cannot be written: nothing is left of it then, and an older file of its name stays as it was.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")  # two processes may write one file: the last one whole stays
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise StoreError(f"{path}: could not be written ({reason}).") from None
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """A text in UTF-8, whole or not at all."""
    with whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def digest(**parts: Any) -> str:
    """The hash of everything that determines a file's content."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
