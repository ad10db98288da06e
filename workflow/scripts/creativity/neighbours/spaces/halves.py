"""Parts of images: pixels of the half of an image that is nearest to the same half of a training image."""

import numpy as np

from creativity.neighbours.search import Product, least_of, nearest, on_cpu
from creativity.neighbours.vectors import in_rows
from creativity.types import Neighbours, Pictures

PARTS = True  # a copy here is a copy of a part


def search(queries: Pictures, train: Pictures, k: int, itself: bool = False, product: Product = on_cpu) -> Neighbours:
    """The k nearest training images of each query, where the distance is that of their upper, lower, left or right halves.

    It is the least over the four halves, and over the training image and its mirror image, times sqrt(2), so that images that
    differ by noise are as far apart as in pixels. itself: as in `nearest`.
    """
    parts = halves(*queries.shape[2:])
    by_half = [
        nearest(in_rows(queries[half]), in_rows(side[half]), k, itself, product)
        for side in (train, train[..., ::-1])
        for half in parts
    ]
    found = least_of(by_half, [False] * len(parts) + [True] * len(parts))
    return found._replace(distances=found.distances * np.sqrt(2))


def halves(height: int, width: int) -> list[tuple]:
    """The upper, lower, left and right half of images whose last two axes are rows and columns, as indices."""
    rows, columns = (((0, side // 2), (side // 2, side)) for side in (height, width))
    return [(..., slice(*part), slice(None)) for part in rows] + [(..., slice(*part)) for part in columns]
