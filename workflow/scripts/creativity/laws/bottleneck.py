"""The law of the family `bottleneck` with an unrestricted decoder: samples are the conditional means E[y | W y].

Where all training images have distinct projections W y, these means are the training images themselves.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import softmax

from creativity.laws.law import Grid, Law, flow, principal
from creativity.types import Values, Vectors

Encoder = Float[np.ndarray, "k d"]  # orthonormal rows
Codes = Float[np.ndarray, "_ k"]  # one projection W x a row


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of D(x) = E[y | W x], where the rows of W are the first config["dim"] principal directions of the images [n, d]."""
    return projected(principal(images)[1][: config["dim"]], images, grid)


def projected(encoder: Encoder, images: Vectors, grid: Grid) -> Law:
    """The law of D(x) = E[y | W x] for an encoder W [k, d] and training images [n, d].

    W D(x) is the posterior mean of the projected images, so z = W x follows their probability flow by itself; the last step, to
    sigma = 0, gives E[y | z]. Images with the same projection are merged into their mean. As sigma_max grows and the grid gets
    finer, the distribution tends to these means, each with the share of its images.
    """
    codes, means, shares = conditional_means(encoder, images)
    last = len(grid.sigmas) - 2

    def posterior(z: Codes, level: int) -> Vectors:
        logits = (z @ codes.T - np.square(codes).sum(axis=1) / 2) / grid.sigmas[level] ** 2  # |z|^2 cancels
        return np.asarray(softmax(logits + np.log(shares), axis=1))

    def predict(noise: Vectors) -> Vectors:
        z = grid.sigmas[0] * noise @ encoder.T
        z = flow(lambda z, i: posterior(z, i) @ codes, z, Grid(grid.sigmas[:-1], grid.sampler))
        return posterior(z, last) @ means

    def fresh(seed: int, count: int) -> Vectors:
        return means[np.random.default_rng(seed).choice(len(means), count, p=shares)]

    mean = shares @ means
    _, deviations, directions = np.linalg.svd((means - mean) * np.sqrt(shares)[:, None], full_matrices=False)
    varies = deviations > deviations[0] * 1e-10
    return Law(mean, directions[varies], deviations[varies] ** 2, predict, fresh, images=means, shares=shares)


def conditional_means(encoder: Encoder, images: Vectors) -> tuple[Codes, Vectors, Values]:
    """The distinct projections [m, k] of images [n, d], the mean of the images behind each [m, d], and their share [m]."""
    codes = images @ encoder.T
    _, first, group, counts = np.unique(codes.round(9), axis=0, return_index=True, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), images.shape[1]))
    np.add.at(sums, group.reshape(-1), images)
    return codes[first], sums / counts[:, None], counts / len(images)


def gaussian(encoder: Encoder, mean: Values, covariance: Float[np.ndarray, "d d"]) -> tuple[Values, Float[np.ndarray, "d d"]]:
    """Mean [d] and covariance [d, d] of E[y | W y] for a Gaussian y: mu and Sigma W^T (W Sigma W^T)^-1 W Sigma."""
    across = encoder @ covariance
    return mean, across.T @ np.linalg.solve(across @ encoder.T, across)
