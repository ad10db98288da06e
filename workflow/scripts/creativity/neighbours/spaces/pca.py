"""The space `pca`: the first principal components of the reference images, which hold most of the variance of real images."""

from typing import NamedTuple

import numpy as np

from creativity.neighbours.vectors import ROWS, flatten, slices
from creativity.types import Pictures, Vectors

DIMENSIONS = 64  # principal components, at most
ROUNDING = 1e-10  # of the largest singular value: components of a smaller one are rounding noise


class Pca(NamedTuple):
    """A projection onto principal components, x -> (x - mean) directions^T: mean [1, d], directions [components, d]."""

    mean: Vectors
    directions: Vectors

    def __call__(self, pictures: Pictures, /) -> Vectors:
        blocks = slices(max(len(pictures), 1), ROWS)
        return np.concatenate([(flatten(pictures[rows]) - self.mean) @ self.directions.T for rows in blocks])


def fit(reference: Pictures, dimensions: int = DIMENSIONS) -> Pca:
    """The projection onto the first principal components of these images, at most as many as the images span, at least one.

    Components whose singular value is below 1e-10 of the largest are rounding noise and left out: they have no direction of their
    own, and a distance that standardises them is decided by them alone.
    """
    rows = flatten(reference)
    mean = rows.mean(axis=0, keepdims=True)
    _, spread, directions = np.linalg.svd(rows - mean, full_matrices=False)
    rank = int(np.sum(spread > ROUNDING * spread[0]))
    return Pca(mean, directions[: max(min(dimensions, rank), 1)])
