"""One GPU a process on a machine with several, where no scheduler hands them out."""

import fcntl
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

HELD: list[TextIO] = []  # locks of this process, which the system lets go when it ends, however it ends


def visible(count: int) -> list[str]:
    """The names of the GPUs that CUDA counts, the same in every process of this machine."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    names = [name.strip() for name in given.split(",") if name.strip()]
    return names if len(names) == count else [str(i) for i in range(count)]


def take(names: Sequence[str], folder: Path | None = None, pause: float = 1.0) -> int:
    """The place of the first GPU that no other process of this user has taken; waits until there is one. A single one is shared."""
    if len(names) == 1:
        return 0
    while True:
        for i, name in enumerate(names):
            if locked((folder or Path(tempfile.gettempdir())) / f"creativity-{os.getuid()}-gpu-{name}.lock"):
                return i
        time.sleep(pause)


def locked(path: Path) -> bool:
    """Whether this process could take the lock."""
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return False
    HELD.append(file)
    return True
