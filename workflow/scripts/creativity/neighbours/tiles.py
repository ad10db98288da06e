"""Cuts images into tiles, and finds for each tile of a sample the training image with the closest tile at that place."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import in_rows
from creativity.types import Neighbours, Pictures, Provenance, Vectors

Closest = Callable[[Vectors, Vectors], Neighbours]  # (tiles of queries, of training images): the closest of these, the first counts


def closest_of_all(queries: Vectors, train: Vectors) -> Neighbours:
    """The closest of all tiles."""
    return nearest(queries, train, 1)


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


def trace(queries: Pictures, train: Pictures, side: int, mirrored: bool = False, search: Closest = closest_of_all) -> Provenance:
    """For each tile of the queries the training image with the closest tile at the same place (after Kadkhodaie et al. 2024).

    mirrored: a tile of a training image's mirror image counts as one of the image. search: among which tiles.
    """
    query_tiles, *train_tiles = (tiles(pictures, side) for pictures in (queries, train, *([train[..., ::-1]] if mirrored else [])))
    shape = len(queries), len(query_tiles), len(query_tiles[0])
    sources, distances, flags = np.zeros(shape, dtype=np.int64), np.full(shape, np.inf), np.zeros(shape, dtype=bool)
    for row, col in np.ndindex(shape[1:]):
        at = (slice(None), row, col)
        for flipped, of_train in enumerate(train_tiles):
            closest = search(query_tiles[row][col], of_train[row][col])
            closer = closest.distances[:, 0] < distances[at]
            sources[at] = np.where(closer, closest.indices[:, 0], sources[at])
            distances[at] = np.where(closer, closest.distances[:, 0], distances[at])
            flags[at] = np.where(closer, bool(flipped), flags[at])
    return Provenance(sources, distances, flags)
