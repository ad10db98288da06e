"""What is known of files of images: a hash of each content, what the headers show, what is broken.

Each file is read once. What was seen is kept in .snakemake/images/, and holds until the file's size, times or inode change.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import PIL

from creativity.data.decode import FLOAT, Seen, opened, reason, seen
from creativity.data.folder import File
from creativity.data.source import DataError
from creativity.running.code_hash import digest_of
from creativity.store import StoreError, digest, write_text

KEPT = Path(".snakemake/images")
SETTLED = 2.0  # seconds after which a file that changes again has another time, even where clocks are coarse
CHUNK = 64  # files that one thread reads in a row


class Examined(NamedTuple):
    """What one file holds.

    images: one of a file, or all of a table or an array. broken: (which, why) of those that cannot be read. numbers: the type, the
    least and the greatest of arrays of numbers; None for encoded images. readable: whether the file could be opened at all, without
    which nothing is kept.
    """

    sha256: str
    images: list[Seen]
    broken: Sequence[tuple[str, str]] = ()
    numbers: tuple[str, float, float] | None = None
    readable: bool = True


def examine_image(path: Path) -> Examined:
    """What an image file holds; "" stands in `broken` for the file itself. Of float images the numbers are read, too."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Examined("", [], [("", reason(error))], None, False)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        image = seen(content)
    except DataError as error:
        return Examined(sha256, [], [("", str(error).split(";")[0].removeprefix("found "))])
    return Examined(sha256, [image], [], limits_of(content) if FLOAT in image.traits else None)


def limits_of(content: bytes) -> tuple[str, float, float] | None:
    """The type, the least and the greatest number of an encoded float image; None where it is damaged."""
    with suppress(Exception), opened(content) as image:
        array = np.asarray(image)
        return "float32", float(array.min()), float(array.max())
    return None


def examined(files: Sequence[File], folder: Path, examine: Callable[[Path], Examined]) -> list[Examined]:
    """What each file holds. folder: that they lie in, by which what was seen before is found again."""
    store_path = KEPT / f"{digest(folder=os.path.abspath(folder), examine=examine.__name__)[:16]}.json"
    kept = remembered(store_path)
    known = [parsed(kept, file) for file in files]
    unknown = [i for i, facts in enumerate(known) if facts is None]
    began = time.time()
    for i, facts in zip(unknown, in_threads(examine, [files[i].path for i in unknown]), strict=True):
        known[i] = facts
    if unknown:
        settled = {i for i in range(len(files)) if files[i].state[2] < (began - SETTLED) * 1e9}
        fresh = {str(files[i].path): [files[i].state, known[i]] for i in settled if known[i].readable}  # type: ignore[union-attr]
        with suppress(StoreError, OSError):  # what is not kept is read again
            KEPT.mkdir(parents=True, exist_ok=True)
            write_text(store_path, json.dumps({"made_by": made_by(), "files": fresh}))
    return known  # type: ignore[return-value]


def in_threads(examine: Callable[[Path], Examined], paths: Sequence[Path]) -> Iterator[Examined]:
    """What the files hold, in their order; several threads read them."""
    chunks = [paths[i : i + CHUNK] for i in range(0, len(paths), CHUNK)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for examined_chunk in pool.map(lambda chunk: [examine(path) for path in chunk], chunks):
            yield from examined_chunk


def remembered(path: Path) -> dict[str, Any]:
    """What was kept of the files of a folder, by their paths; {} where other code has written it, or nothing."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return dict(content["files"]) if content["made_by"] == made_by() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def parsed(kept: dict[str, Any], file: File) -> Examined | None:
    """What was kept of a file; None where nothing was, or where it has changed since."""
    state, facts = kept.get(str(file.path), (None, None))
    if state != list(file.state):
        return None
    sha256, images, broken, numbers, readable = facts
    broken = [(which, why) for which, why in broken]
    return Examined(sha256, [Seen(*image) for image in images], broken, tuple(numbers) if numbers else None, readable)


@cache
def made_by() -> str:
    """A hash of the code that examines files, and the version of Pillow."""
    here = Path(__file__).parent
    code = [digest_of(here / f"{name}.py") for name in ("arrays", "decode", "examined", "table", "values")]
    return digest(code=code, pillow=PIL.__version__)
