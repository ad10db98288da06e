"""Cuts images into square tiles, and finds for each tile of a sample the training image with the closest tile at that place."""

import numpy as np

from creativity.neighbours.search import nearest
from creativity.types import Pictures, Provenance


def tiles(pictures: Pictures, side: int) -> np.ndarray:
    """Non-overlapping tiles of images [n, c, h, w], each as a row of numbers: [n, h / side, w / side, c side side].

    `side` must divide h and w, or numpy's ValueError is raised.

    >>> tiles(np.arange(8.0).reshape(1, 1, 2, 4), side=2).tolist()
    [[[[0.0, 1.0, 4.0, 5.0], [2.0, 3.0, 6.0, 7.0]]]]
    """
    n, c, h, w = pictures.shape
    split = pictures.reshape(n, c, h // side, side, w // side, side)
    return split.transpose(0, 2, 4, 1, 3, 5).reshape(n, h // side, w // side, c * side * side)


def trace(queries: Pictures, train: Pictures, side: int, mirrored: bool = False) -> Provenance:
    """For each tile of the queries the training image with the closest tile at the same place (after Kadkhodaie et al. 2024).

    mirrored: a tile of a training image's mirror image counts as one of the image.
    """
    query_tiles, *train_tiles = (tiles(pictures, side) for pictures in (queries, train, *([train[..., ::-1]] if mirrored else [])))
    shape = query_tiles.shape[:3]
    sources, distances, flags = np.zeros(shape, dtype=np.int64), np.full(shape, np.inf), np.zeros(shape, dtype=bool)
    for place in np.ndindex(shape[1:]):
        at = (slice(None), *place)
        for flipped, of_train in enumerate(train_tiles):
            closest = nearest(query_tiles[at], of_train[at], 1)
            closer = closest.distances[:, 0] < distances[at]
            sources[at] = np.where(closer, closest.indices[:, 0], sources[at])
            distances[at] = np.where(closer, closest.distances[:, 0], distances[at])
            flags[at] = np.where(closer, bool(flipped), flags[at])
    return Provenance(sources, distances, flags)
