"""Gives each job a GPU of its own on a machine with several GPUs and no scheduler that assigns them.

A job takes a GPU by locking a file that stands for it. The operating system releases the lock when the process ends.
"""

import fcntl
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

HELD: dict[Path, TextIO] = {}  # the locked files of this process, kept open


def visible(count: int) -> list[str]:
    """The names of the GPUs that CUDA sees, `count` of them; a GPU has the same name in every process of this machine."""
    visible_devices = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    names = [name.strip() for name in visible_devices.split(",") if name.strip()]
    return names if len(names) == count else [str(i) for i in range(count)]


def take(names: Sequence[str], folder: Path | None = None, pause: float = 1.0) -> int:
    """The index of the first GPU that no other process of this user has taken; waits until there is one. A single GPU is shared.

    A process that asks again is given the one that it has.

    names: of all visible GPUs. folder: of the lock files. pause: seconds between two attempts.
    """
    if len(names) == 1:
        return 0
    paths = [(folder or Path(tempfile.gettempdir())) / f"creativity-{os.getuid()}-gpu-{name}.lock" for name in names]
    for i, path in enumerate(paths):
        if path in HELD:
            return i
    while True:
        for i, path in enumerate(paths):
            if locked(path):
                return i
        time.sleep(pause)


def locked(path: Path) -> bool:
    """Whether this process could lock the file; then it keeps the lock until it ends."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    HELD[path] = file
    return True
