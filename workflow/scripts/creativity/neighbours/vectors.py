"""Images as rows of numbers, the form in which distances between them are computed."""

import numpy as np

from creativity.types import Flags, Pictures, Row, Values, Vectors

ROWS = 4096  # most rows that are processed at once, which limits the memory
ESCAPED = 1e3  # an absolute pixel value from which a sample counts as escaped to infinity; images lie in -1..1


def in_rows(pictures: Pictures) -> Vectors:
    """Images [n, c, h, w] as rows [n, c h w]; distances between rows are in the units of the pixels."""
    return pictures.reshape(len(pictures), int(np.prod(pictures.shape[1:])))


def flatten(pictures: Pictures) -> Vectors:
    """Images [n, c, h, w] as rows [n, c h w] of float64."""
    return in_rows(pictures).astype(np.float64)


def held(rows: Vectors) -> Flags:
    """Whether all values of a row are finite and below ESCAPED: one sample that is not decides every distance between sets."""
    return np.all(np.abs(rows) < ESCAPED, axis=1)


def distances(rows: Vectors, others: Vectors | Row) -> Values:
    """Euclidean distance of each row to the other one beside it, or to the only one, in float64: [n].

    Two rows have one distance, to the last digit, whichever of them comes first: what ties, ties.
    """
    return np.asarray(np.linalg.norm(np.subtract(rows, others, dtype=np.float64), axis=1))


def slices(length: int, size: int) -> list[slice]:
    """Slices of at most `size` elements that cover 0 to length."""
    return [slice(start, min(start + size, length)) for start in range(0, length, size)]
