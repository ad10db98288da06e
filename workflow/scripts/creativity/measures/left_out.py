"""What new images of the training groups score: training images left out one by one, each against those it is no duplicate of.

Where no group, such as a person, stands on two sides, held-out images are of other groups. What is made of the training groups is
nearer to the training images than they are, copied or not; it must be nearer than images of one group are to each other, too.
"""

import numpy as np

from creativity.measures.novelty import near_duplicates_of
from creativity.neighbours import tiles
from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import in_rows
from creativity.types import Neighbours, Pictures, Places, Provenance, Vectors

SET = "left_out"  # their name among the sets of a subset


def places(train: int, heldout: int) -> Places:
    """Which of so many training images are left out: as many as there are held-out ones, evenly spread, or all of them.

    >>> places(train=6, heldout=3).tolist()
    [0, 2, 5]
    """
    return np.linspace(0, train - 1, min(train, heldout)).round().astype(np.int64)


def first_distinct(near: Neighbours, own: Places, train: Vectors, mirrors: Vectors | None) -> Neighbours:
    """The first neighbour [m, 1] of each left-out image that is neither itself nor its near-duplicate (`near_duplicates_of`).

    It is infinitely far where there is none among its neighbours. near: [m, k], itself among them or not; own: their places [m];
    train, mirrors (None: they do not count): in pixels.
    """
    same = near_duplicates_of(own, near.indices, train, mirrors)
    first = np.argmin(same, axis=1)[:, None]
    away, indices, flags = (np.take_along_axis(column, first, axis=1) for column in near)
    return Neighbours(np.where(same.all(axis=1, keepdims=True), np.inf, away), indices, flags)


def trace(train: Pictures, own: Places, side: int, mirrored: bool, k: int) -> Provenance:
    """The provenance of the left-out images, among the k nearest tiles of both the images and their mirror images.

    A tile is infinitely far where all of these are from near-duplicates.
    """
    rows, mirrors = in_rows(train), in_rows(train[..., ::-1]) if mirrored else None

    def distinct(queries: Vectors, of_train: Vectors) -> Neighbours:
        return first_distinct(nearest(queries, of_train, k), own, rows, mirrors)

    return tiles.trace(train[own], train, side, mirrored, distinct)
