"""Cuts images into tiles, and finds for each tile of a sample the training image with the closest tile at that place."""

from itertools import pairwise

import numpy as np

from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import in_rows
from creativity.types import Pictures, Provenance


def edges(length: int, side: int) -> list[int]:
    """Where tiles begin and end along a side of an image: length // side tiles, of nearly equal length.

    Each is `side` pixels long where that divides the length; else none is shorter, and no two differ by more than a pixel.

    >>> edges(16, 4)
    [0, 4, 8, 12, 16]
    >>> edges(13, 3)
    [0, 4, 7, 10, 13]
    """
    count = max(length // side, 1)
    return [-(-i * length // count) for i in range(count + 1)]


def tiles(pictures: Pictures, side: int) -> list[list[np.ndarray]]:
    """Tiles of images [n, c, h, w] that cover them without overlap: by row and column, each [n, numbers of the tile].

    >>> [tile.tolist() for tile in tiles(np.arange(8.0).reshape(1, 1, 2, 4), side=2)[0]]
    [[[0.0, 1.0, 4.0, 5.0]], [[2.0, 3.0, 6.0, 7.0]]]
    """
    down, right = (list(pairwise(edges(length, side))) for length in pictures.shape[2:])
    return [[in_rows(pictures[:, :, top:bottom, left:end]) for left, end in right] for top, bottom in down]


def trace(queries: Pictures, train: Pictures, side: int) -> Provenance:
    """For each tile of the queries the training image with the closest tile at the same place (after Kadkhodaie et al. 2024)."""
    query_tiles, train_tiles = tiles(queries, side), tiles(train, side)
    shape = len(queries), len(query_tiles), len(query_tiles[0])
    sources, distances = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for row, col in np.ndindex(shape[1:]):
        closest = nearest(query_tiles[row][col], train_tiles[row][col], 1)
        sources[:, row, col], distances[:, row, col] = closest.indices[:, 0], closest.distances[:, 0]
    return Provenance(sources, distances)
