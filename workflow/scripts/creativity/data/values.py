"""Arrays of numbers as images: where their channels stand, and which numbers are black and white."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from creativity.data.source import DataError
from creativity.fields import Range

LIMITS: dict[str, tuple[float, float]] = {"bytes": (0, 255), "unit": (0, 1), "signed": (-1, 1)}
NAMES = "bytes (0 to 255), unit (0 to 1) or signed (-1 to 1)"
ROUNDING = 0.004  # how far numbers in half precision may leave -1..1 by rounding
OVERSHOOT = 0.5  # how far unclipped samples may leave a range that was told, over its width


def to_levels(array: NDArray[Any], values: Range) -> NDArray[np.uint8]:
    """Numbers of a known range as levels 0..255, the nearest each; numbers beyond are clipped.

    >>> to_levels(np.array([0.0, 0.2, 1.0]), "unit").tolist()
    [0, 51, 255]
    >>> to_levels(np.array([-1.0, 0.2, 3.0]), "signed").tolist()
    [0, 153, 255]
    """
    if array.dtype == np.uint8 and values == "bytes":
        return array
    low, high = LIMITS[values]
    levels = (array.astype(np.float64) - low) * (255 / (high - low))
    return np.rint(np.clip(levels, 0, 255)).astype(np.uint8)


def channels_last(array: NDArray[Any]) -> NDArray[Any]:
    """An image as [h, w] or [h, w, 3], from [h, w], [c, h, w], [h, w, c] or, of a square grey image, [h w].

    Raises DataError, without a name, where the number of channels is not 1 or 3, or where it is not clear where they stand.
    """
    shape = list(array.shape)
    if array.ndim == 1 and int(len(array) ** 0.5) ** 2 == len(array) > 0:
        return array.reshape(int(len(array) ** 0.5), -1)
    if array.ndim not in (2, 3) or 0 in shape:
        raise DataError(f"found an array of shape {shape}; allowed: [h, w], [c, h, w] or [h, w, c], with c = 1 or 3.")
    if array.ndim == 3:
        first, last = shape[0] in (1, 3), shape[2] in (1, 3)
        if first == last:
            why = "either side may be the channels" if first else "neither side is 1 or 3 channels"
            raise DataError(f"found an array of shape {shape} ({why}); allowed: [c, h, w] or [h, w, c], with c = 1 or 3.")
        array = array.transpose(1, 2, 0) if first else array
    return array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array


def range_of(key: str, kind: str, low: float, high: float, told: Range | None) -> Range:
    """The range of a set's numbers: the one that the user told, or the one that their type and limits leave no doubt of.

    key: that of the images in the campaign file, without its last part. kind: numpy's name of the type. low, high: the limits.
    Raises DataError, with the found limits, where the range is in doubt or is not the one told.

    >>> range_of("denoisers.mine", "uint8", 0.0, 255.0, None), range_of("denoisers.mine", "float32", -0.9, 1.0, None)
    ('bytes', 'signed')
    >>> range_of("denoisers.mine", "float32", 0.0, 1.0, None)
    Traceback (most recent call last):
    creativity.data.source.DataError: denoisers.mine.range: found none beside float32 from 0 to 1, which may be unit (0 is black)...
    """
    found = f"{kind} from {low:g} to {high:g}"
    if told is not None:
        least, most = LIMITS[told]
        room = OVERSHOOT * (most - least)
        if low < least - room or high > most + room:
            raise DataError(f"{key}.range: found {told} beside {found}; allowed: {NAMES}, whichever it is.")
        return told
    if kind == "uint8" or (np.dtype(kind).kind in "iu" and low >= 0 and 1 < high <= 255):
        return "bytes"
    if low >= 0 and high <= 1 + ROUNDING:
        doubt = "which may be unit (0 is black) or signed (0 is grey)"
        raise DataError(f"{key}.range: found none beside {found}, {doubt}; allowed: {NAMES}, whichever it is.")
    if low < -1 - ROUNDING or high > 1 + ROUNDING:
        raise DataError(f"{key}.range: found none beside {found}; allowed: uint8, floats from -1 to 1, or range: {NAMES}.")
    return "signed"
