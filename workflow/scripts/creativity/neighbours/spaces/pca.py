"""The space `pca`: the first principal components of the reference images, which hold most of the variance of real images."""

from typing import NamedTuple

import numpy as np

from creativity.neighbours.vectors import ROWS, flatten, slices
from creativity.types import Pictures, Vectors

DIMENSIONS = 64  # principal components, at most


class Pca(NamedTuple):
    """A projection onto principal components, x -> (x - mean) directions^T: mean [1, d], directions [components, d]."""

    mean: Vectors
    directions: Vectors

    def __call__(self, pictures: Pictures, /) -> Vectors:
        blocks = slices(max(len(pictures), 1), ROWS)
        return np.concatenate([(flatten(pictures[rows]) - self.mean) @ self.directions.T for rows in blocks])


def fit(reference: Pictures, dimensions: int = DIMENSIONS) -> Pca:
    """The projection onto the first principal components of these images, at most as many as the images span."""
    rows = flatten(reference)
    mean = rows.mean(axis=0, keepdims=True)
    _, _, directions = np.linalg.svd(rows - mean, full_matrices=False)
    return Pca(mean, directions[: min(dimensions, len(rows) - 1)])
