"""Principal components, fitted once on the reference: what most of the variance of real images lies in."""

from typing import NamedTuple

import numpy as np

from creativity.neighbours.vectors import ROWS, flatten, slices
from creativity.types import Pictures, Vectors

DIMENSIONS = 64


class Pca(NamedTuple):
    """A principal component projection: x -> (x - mean) directions^T."""

    mean: Vectors
    directions: Vectors

    def __call__(self, pictures: Pictures, /) -> Vectors:
        parts = slices(max(len(pictures), 1), ROWS)
        return np.concatenate([(flatten(pictures[rows]) - self.mean) @ self.directions.T for rows in parts])


def fit(reference: Pictures, dimensions: int = DIMENSIONS) -> Pca:
    """The projection onto the first principal directions of these images, at most as many as they span."""
    rows = flatten(reference)
    mean = rows.mean(axis=0, keepdims=True)
    _, _, directions = np.linalg.svd(rows - mean, full_matrices=False)
    return Pca(mean, directions[: min(dimensions, len(rows) - 1)])
