"""Tiles of images, and the training image that each may come from."""

import numpy as np

from creativity.neighbours.search import nearest
from creativity.types import Pictures, Provenance


def tiles(pictures: Pictures, side: int) -> np.ndarray:
    """Non-overlapping tiles: [n, rows, cols, c side side]."""
    n, c, h, w = pictures.shape
    cut = pictures.reshape(n, c, h // side, side, w // side, side)
    return cut.transpose(0, 2, 4, 1, 3, 5).reshape(n, h // side, w // side, c * side * side)


def trace(queries: Pictures, train: Pictures, side: int) -> Provenance:
    """Where each tile may come from: the training image with the closest tile at the same place (after Kadkhodaie et al. 2024)."""
    asked, known = tiles(queries, side), tiles(train, side)
    shape = asked.shape[:3]
    sources, distances = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for place in np.ndindex(shape[1:]):
        found = nearest(asked[:, *place], known[:, *place], 1)
        sources[:, *place], distances[:, *place] = found.indices[:, 0], found.distances[:, 0]
    return Provenance(sources, distances)
