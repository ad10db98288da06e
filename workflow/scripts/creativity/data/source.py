"""What a loader gives, and how one of its images becomes an array."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from creativity.campaign.sections import Dataset
from creativity.errors import UserError

Pixels = NDArray[np.uint8]  # [c, h, w]


class DataError(UserError):
    """Images that are missing or broken; its text is one sentence."""


class Source(NamedTuple):
    """The images of a data set in a fixed order, read one by one."""

    ids: Sequence[str]
    labels: Sequence[str | None]
    groups: Sequence[str] | None  # what must not stand on two sides, such as the person; None: not known
    read: Callable[[int], Image.Image]
    trains: Sequence[bool] | None = None  # which images are trained on, the others being held out; None: any may be either


def pixels(image: Image.Image, dataset: Dataset) -> Pixels:
    """One image as uint8 [c, size, size]: grey or colour, cut to the central square if asked, bicubic with antialiasing."""
    image = image.convert("RGB" if dataset.color else "L")
    if dataset.crop == "center":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.crop((left, top, left + side, top + side))
    if image.size != (dataset.size, dataset.size):
        image = image.resize((dataset.size, dataset.size), Image.Resampling.BICUBIC)
    array = np.asarray(image, dtype=np.uint8)
    return np.ascontiguousarray(array.transpose(2, 0, 1) if dataset.color else array[None])


def sha256(array: Pixels) -> str:
    return hashlib.sha256(repr(array.shape).encode() + array.tobytes()).hexdigest()


def read_file(path: Path) -> Image.Image:
    """An image file, read whole. Raises DataError, with the file's name, where it is broken."""
    try:
        with Image.open(path) as image:
            image.load()
            return image.copy()
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path}: found no readable image ({error}); allowed: a whole image file.") from None


def torchvision_root(dataset: Dataset) -> Path:
    return Path(dataset.path or "data")


def torchvision_missing(name: str, dataset: Dataset, error: Exception) -> DataError:
    """What to say where torchvision has neither a copy nor a way to fetch one."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DataError(f"dataset.path: found no copy of {name} in {torchvision_root(dataset)} and none could be fetched ({reason}).")
