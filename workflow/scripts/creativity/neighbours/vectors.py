"""Images as rows of numbers."""

import numpy as np

from creativity.types import Pictures, Vectors

ROWS = 4096  # rows that are computed with at once


def in_rows(pictures: Pictures) -> Vectors:
    """An image a row: distances between rows are in the units of the pixels."""
    return pictures.reshape(len(pictures), int(np.prod(pictures.shape[1:])))


def flatten(pictures: Pictures) -> Vectors:
    """The same in float64."""
    return in_rows(pictures).astype(np.float64)


def slices(length: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, length)) for start in range(0, length, size)]
