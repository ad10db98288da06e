"""Files that are written completely or not at all, and the hash of everything that determines a file's content."""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from creativity.errors import UserError

STATE = "state.safetensors"  # how the file names of states of trainings end


class StoreError(UserError):
    """A result file that is missing, broken or of another kind; the text of the error is one sentence."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name to write to; the file gets its own name, `path`, once it is complete and on the disk.

    Raises StoreError where it cannot be written. Then nothing of it is left, and an older file of that name is unchanged.
    """
    # Two processes may write one file, on two machines even: the later one wins.
    partial = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.partial")
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
    """Writes a text in UTF-8, completely or not at all. Raises as `whole` does."""
    with whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def forget_states(folder: Path) -> None:
    """Deletes the states of the trainings whose outputs lie in a folder; for jobs that start only after these are recorded."""
    for path in folder.glob(f"*{STATE}"):
        path.unlink(missing_ok=True)  # another job may be as far


def digest(**parts: Any) -> str:
    """The SHA-256 hash, in hexadecimal, of everything that determines a file's content; parts: JSON types, by name."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
