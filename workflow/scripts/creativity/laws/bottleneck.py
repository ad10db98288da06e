"""The law of a bottleneck with an unrestricted decoder: conditional means E[y | W y], for distinct projections training images."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import softmax

from creativity.laws.law import Grid, Law, flow, principal
from creativity.types import Values, Vectors

Encoder = Float[np.ndarray, "k d"]  # orthonormal rows
Codes = Float[np.ndarray, "_ k"]  # W x, a row each


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of D(x) = E[y | W x], W the first config["dim"] principal directions of the images [n, d]."""
    return projected(principal(images)[1][: config["dim"]], images, grid)


def projected(encoder: Encoder, images: Vectors, grid: Grid) -> Law:
    """z = W x obeys the flow of the projected images by itself, W D being their posterior mean; the last step gives E[y | z].

    So k numbers decide each sample. Images that W maps to one point are merged into their mean; as sigma_max grows and the
    grid gets finer, the law tends to each such mean with the share of its images.
    """
    codes, means, shares = conditional_means(encoder, images)
    last = len(grid.sigmas) - 2

    def weights(z: Codes, level: int) -> Vectors:
        logits = (z @ codes.T - np.square(codes).sum(axis=1) / 2) / grid.sigmas[level] ** 2  # |z|^2 cancels
        return np.asarray(softmax(logits + np.log(shares), axis=1))

    def predict(noise: Vectors) -> Vectors:
        z = grid.sigmas[0] * noise @ encoder.T
        z = flow(lambda z, i: weights(z, i) @ codes, z, Grid(grid.sigmas[:-1], grid.sampler))
        return weights(z, last) @ means

    def fresh(seed: int, count: int) -> Vectors:
        return means[np.random.default_rng(seed).choice(len(means), count, p=shares)]

    mean = shares @ means
    _, spread, directions = np.linalg.svd((means - mean) * np.sqrt(shares)[:, None], full_matrices=False)
    kept = spread > spread[0] * 1e-10
    return Law(mean, directions[kept], spread[kept] ** 2, predict, fresh, images=means, shares=shares)


def conditional_means(encoder: Encoder, images: Vectors) -> tuple[Codes, Vectors, Values]:
    """Distinct projections [m, k], the mean image behind each [m, d], and its share of the images [m]."""
    codes = images @ encoder.T
    _, first, group, counts = np.unique(codes.round(9), axis=0, return_index=True, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), images.shape[1]))
    np.add.at(sums, group.reshape(-1), images)
    return codes[first], sums / counts[:, None], counts / len(images)


def gaussian(encoder: Encoder, mean: Values, covariance: Float[np.ndarray, "d d"]) -> tuple[Values, Float[np.ndarray, "d d"]]:
    """Mean and covariance of E[y | W y] where y is Gaussian: Sigma W^T (W Sigma W^T)^-1 W Sigma."""
    across = encoder @ covariance
    return mean, across.T @ np.linalg.solve(across @ encoder.T, across)
