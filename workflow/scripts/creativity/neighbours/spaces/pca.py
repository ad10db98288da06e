"""The space `pca`: the first principal components of the reference images, which hold most of the variance of real images."""

from typing import NamedTuple

import numpy as np
from scipy.linalg import eigh

from creativity.neighbours.vectors import ROWS, flatten, slices
from creativity.types import Pictures, Vectors

DIMENSIONS = 64  # principal components, at most
ROUNDING = 1e-6  # of the largest singular value: components of a smaller one are rounding noise


class Pca(NamedTuple):
    """A projection onto principal components, x -> (x - mean) directions^T: mean [1, d], directions [components, d]."""

    mean: Vectors
    directions: Vectors

    def __call__(self, pictures: Pictures, /) -> Vectors:
        blocks = slices(max(len(pictures), 1), ROWS)
        return np.concatenate([(flatten(pictures[rows]) - self.mean) @ self.directions.T for rows in blocks])


def fit(reference: Pictures, dimensions: int = DIMENSIONS) -> Pca:
    """The projection onto the first principal components of these images, at most as many as the images span, at least one.

    They are eigenvectors of the smaller of the matrices of products, X^T X and X X^T. Components whose singular value is below 1e-6
    of the largest are rounding noise, as 256 grey levels show none so small, and are left out: they have no direction of their
    own, and a distance that standardises them is decided by them alone.
    """
    rows = flatten(reference)
    mean = rows.mean(axis=0, keepdims=True)
    rows -= mean
    wide, count = rows.shape[1] > len(rows), min(*rows.shape)
    squares, vectors = eigh(rows @ rows.T if wide else rows.T @ rows, subset_by_index=[max(count - dimensions, 0), count - 1])
    kept = np.flatnonzero(squares > ROUNDING**2 * squares[-1])[::-1]
    if not len(kept) or squares[-1] <= 0:
        return Pca(mean, np.eye(1, rows.shape[1]))
    directions = vectors[:, kept].T
    return Pca(mean, directions @ rows / np.sqrt(squares[kept])[:, None] if wide else directions)
