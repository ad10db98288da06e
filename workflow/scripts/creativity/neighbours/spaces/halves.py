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
    h, w = queries.shape[2:]
    halves = (np.s_[:, :, : h // 2], np.s_[:, :, h // 2 :], np.s_[..., : w // 2], np.s_[..., w // 2 :])
    by_half = [
        nearest(in_rows(queries[half]), in_rows(side[half]), k, itself, product)
        for side in (train, train[..., ::-1])
        for half in halves
    ]
    found = least_of(by_half, [False] * len(halves) + [True] * len(halves))
    return found._replace(distances=found.distances * np.sqrt(2))
