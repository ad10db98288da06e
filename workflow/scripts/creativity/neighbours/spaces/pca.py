"""The space `pca`: the first principal components of the reference images, which hold most of the variance of real images."""

import numpy as np
from scipy.linalg import eigh

from creativity.neighbours.spaces import Fitted
from creativity.neighbours.vectors import ROWS, flatten, slices
from creativity.types import Pictures, Vectors

DIMENSIONS = 64  # principal components, at most
ROUNDING = 1e-6  # of the largest singular value: components of a smaller one are rounding noise


def fit(reference: Pictures, dimensions: int = DIMENSIONS) -> Fitted:
    """The mean [1, d] of these images, and their first principal components, at most as many as they span, at least one.

    The components, "directions" [components, d], are eigenvectors of the smaller of the matrices of products, X^T X and X X^T.
    Components whose singular value is below 1e-6 of the largest are rounding noise, as 256 grey levels show none so small, and are
    left out: they have no direction of their own, and a distance that standardises them is decided by them alone.
    """
    x = flatten(reference)
    mean = x.mean(axis=0, keepdims=True)
    x -= mean
    wide, count = x.shape[1] > len(x), min(*x.shape)
    squares, vectors = eigh(x @ x.T if wide else x.T @ x, subset_by_index=[max(count - dimensions, 0), count - 1])
    kept = np.flatnonzero(squares > ROUNDING**2 * squares[-1])[::-1]
    if not len(kept) or squares[-1] <= 0:
        return {"mean": mean, "directions": np.eye(1, x.shape[1])}
    directions = vectors[:, kept].T
    return {"mean": mean, "directions": directions @ x / np.sqrt(squares[kept])[:, None] if wide else directions}


def rows(pictures: Pictures, mean: np.ndarray, directions: np.ndarray) -> Vectors:
    """The projection of images, (x - mean) directions^T: mean [1, d], directions [components, d]."""
    blocks = slices(max(len(pictures), 1), ROWS)
    return np.concatenate([(flatten(pictures[block]) - mean) @ directions.T for block in blocks])
