"""Images as rows of numbers, the form in which distances between them are computed."""

import numpy as np

from creativity.types import Pictures, Vectors

ROWS = 4096  # most rows that are processed at once, which limits the memory


def in_rows(pictures: Pictures) -> Vectors:
    """Images [n, c, h, w] as rows [n, c h w]; distances between rows are in the units of the pixels."""
    return pictures.reshape(len(pictures), int(np.prod(pictures.shape[1:])))


def flatten(pictures: Pictures) -> Vectors:
    """Images [n, c, h, w] as rows [n, c h w] of float64."""
    return in_rows(pictures).astype(np.float64)


def slices(length: int, size: int) -> list[slice]:
    """Slices of at most `size` elements that cover 0 to length."""
    return [slice(start, min(start + size, length)) for start in range(0, length, size)]
