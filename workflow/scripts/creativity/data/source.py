"""The interface of a data set, `Source`, and the conversion of its images to arrays of one size."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.errors import UserError
from creativity.fields import ImpossibleError

Pixels = NDArray[np.uint8]  # [c, h, w]
Result = TypeVar("Result")
SHOWN = 10


class DataError(UserError):
    """Images are missing or unreadable; the text is one sentence for the user."""


class Source(NamedTuple):
    """The images of a data set in a fixed order, read one by one."""

    ids: Sequence[str]
    labels: Sequence[str | None]
    groups: Sequence[str] | None  # e.g. the person; with split: group no group is in two sets; None: no groups
    read: Callable[[int], Image.Image]
    trains: Sequence[bool] | None = None  # which may be training images, the others being held out; None: any may be either
    notes: Sequence[str] = ()  # what a user should know of how they are read, a sentence each


def pixels(image: Image.Image, dataset: Dataset) -> Pixels:
    """An image as uint8 [c, size, size]: converted to grey or RGB, cropped to its central square if set, and resized (bicubic).

    With dataset.shuffle its pixels then change their places, as those of all images do.

    >>> image = Image.new("RGB", (6, 4), "white")
    >>> pixels(image, Dataset(name="mnist", size=4)).shape
    (1, 4, 4)
    >>> pixels(image, Dataset(name="cifar10", size=8, color=True)).shape
    (3, 8, 8)
    """
    image = image.convert("RGB" if dataset.color else "L")
    if dataset.crop == "center":
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        image = image.crop((left, top, left + side, top + side))
    if image.size != (dataset.size, dataset.size):
        image = image.resize((dataset.size, dataset.size), Image.Resampling.BICUBIC)
    array = np.asarray(image, dtype=np.uint8)
    array = np.ascontiguousarray(array.transpose(2, 0, 1) if dataset.color else array[None])
    return array if dataset.shuffle is None else shuffled(array, dataset.shuffle)


def shuffled(array: Pixels, seed: int) -> Pixels:
    """The pixels in the order of a permutation of their places that seed and size alone decide, all channels alike.

    A control after Kadkhodaie et al. 2024: what a denoiser owes to the neighbourhood of pixels is gone, all else is as it was.
    """
    places = np.random.default_rng((seed, *array.shape[1:])).permutation(array[0].size)
    return array.reshape(len(array), -1)[:, places].reshape(array.shape)


def sha256(array: Pixels) -> str:
    """A hash of the shape and the values, equal for identical images alone."""
    return hashlib.sha256(repr(array.shape).encode() + array.tobytes()).hexdigest()


def collected(problems: list[str], call: Callable[[], Result]) -> Result | None:
    """What a function returns; None where it raises, for then the text is added to `problems`, so that all are told at once."""
    try:
        return call()
    except (UserError, ImpossibleError) as error:
        problems.append(str(error))
        return None


def listing(names: Sequence[str], what: str) -> str:
    """How many there are, and the first ten of their names.

    >>> listing(["a.png", "b.png"], "file")
    '2 files: a.png, b.png'
    """
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    plural = "" if len(names) == 1 else "s"
    return f"{len(names)} {what}{plural}: {', '.join(names[:SHOWN])}{more}"


def torchvision_root(dataset: Dataset) -> Path:
    """The folder in which torchvision looks for data sets and to which it downloads them."""
    return Path(dataset.path or "data")


def torchvision_missing(name: str, dataset: Dataset, error: Exception) -> DataError:
    """The error for a data set that torchvision neither finds nor can download."""
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DataError(f"dataset.path: found no copy of {name} in {torchvision_root(dataset)} and none could be fetched ({reason}).")
