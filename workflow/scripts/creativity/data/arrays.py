"""Images in the files of NumPy: .npy, and .npz as EDM and ADM write them, with images in arr_0 and labels in arr_1."""

import hashlib
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creativity.data.decode import COLOUR, Seen, reason
from creativity.data.examined import Examined
from creativity.data.source import DataError
from creativity.data.values import channels_last

ENDINGS = (".npz", ".npy")
BLOCK = 1024  # images whose numbers are looked at together


def arrays_in(path: Path) -> NDArray[Any]:
    """The images [n, ...] in a file. Raises DataError, without a name, where it holds no images or is broken."""
    try:
        content = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(content, np.ndarray):
            return images_of(content)
        with content:
            return images_of(content[name_of_images(content, content.files)])
    except DataError:
        raise
    except (OSError, ValueError, EOFError, KeyError, SyntaxError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"found no readable array ({reason(error)}); allowed: a whole .npy or .npz file of numbers.") from None


def labels_of_arrays(path: Path, count: int) -> list[str | None]:
    """The labels arr_1 beside arr_0 in an .npz file that has been examined; None for each image where there are none."""
    content = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(content, np.ndarray):
        with content:
            if {"arr_0", "arr_1"} <= set(content.files) and (labels := content["arr_1"]).shape == (count,):
                return [str(label) for label in labels.tolist()]
    return [None] * count


def name_of_images(content: Any, names: list[str]) -> str:
    """The name of the array that holds the images: arr_0, or the only one with three or four axes."""
    if "arr_0" in names:
        return "arr_0"
    candidates = [name for name in names if content[name].ndim in (3, 4)]
    if len(candidates) != 1:
        raise DataError(f"found the arrays {', '.join(names) or '(none)'}; allowed: images in arr_0, or one array of images.")
    return candidates[0]


def images_of(array: NDArray[Any]) -> NDArray[Any]:
    """An array of images as it is. Raises DataError where its shape or type is none of images."""
    if array.dtype.kind not in "uif" or array.ndim not in (3, 4) or 0 in array.shape:
        kind = f"{array.dtype} of shape {list(array.shape)}"
        raise DataError(f"found {kind}; allowed: numbers of shape [n, h, w, c], [n, c, h, w] or [n, h, w], with c = 1 or 3.")
    channels_last(array[0])
    return array


def examine_arrays(path: Path) -> Examined:
    """What a .npy or .npz file holds."""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        array = arrays_in(path)
    except OSError as error:
        return Examined("", [], [("", reason(error))], None, False)
    except DataError as error:
        return Examined(sha256, [], [("", str(error).removesuffix("."))])
    numbers, broken = Numbers(), []
    for i, row in enumerate(array):
        if not numbers.add(row):
            broken.append((f"row {i}", "NaN or infinity"))
    return Examined(sha256, [seen_array(row) for row in array], broken, numbers.summary)


class Numbers:
    """The type, the least and the greatest number of several arrays."""

    def __init__(self) -> None:
        self.kind, self.low, self.high = "", np.inf, -np.inf

    def add(self, array: NDArray[Any]) -> bool:
        """Takes an array into account; False, and without doing so, where one of its numbers is not finite."""
        low, high = (0, 255) if array.dtype == np.uint8 else (array.min(), array.max())
        if not (np.isfinite(low) and np.isfinite(high)):
            return False
        self.kind = str(array.dtype)
        self.low, self.high = min(self.low, float(low)), max(self.high, float(high))
        return True

    @property
    def summary(self) -> tuple[str, float, float] | None:
        return (self.kind, self.low, self.high) if self.kind else None


def seen_array(array: NDArray[Any]) -> Seen:
    """What an array shows as an image. Raises DataError, without a name, where its shape is none of an image."""
    image = channels_last(array)
    content = hashlib.sha256(f"{image.dtype} {image.shape}".encode() + np.ascontiguousarray(image).tobytes())
    return Seen(content.hexdigest()[:16], [COLOUR] if image.ndim == 3 else [], image.shape[1], image.shape[0])
