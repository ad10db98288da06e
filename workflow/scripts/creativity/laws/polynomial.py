"""The law of the family `polynomial` with basis coordinate: the distribution of each principal coordinate by its quantile function.

Such a denoiser treats the principal coordinates one by one, so the sampler carries each through a map of one variable.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr, roots_hermitenorm

from creativity.laws.law import Grid, Law, flow, principal, unit_noise
from creativity.neighbours.vectors import ESCAPED
from creativity.types import Flags, Values, Vectors

Coefficients = Float[np.ndarray, "r terms"]  # of the Hermite polynomials of degree 0, 1, ...; one coordinate a row
Polynomials = Float[np.ndarray, "levels r terms"]
NODES = 4001  # starting values at which a map is computed
REACH = 5.0  # a map must be monotone within so many standard deviations of the start; one start in two million is outside


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of the best denoiser that is a polynomial of degree config["degree"] in each principal coordinate.

    A coordinate a = u^T (x - mu) starts from N(-u^T mu, sigma_max^2), and the steps of the grid map it to phi(a). Where phi is
    monotone, the quantile function is Q(p) = phi(-u^T mu + sigma_max Phi^-1(p)). Where it is not, a few extreme starts dominate
    the variance, which is then NaN; the mean is over the starts that do not escape.
    """
    mean, directions, variances = principal(images)
    polynomials = fit((images - mean) @ directions.T, config["degree"], grid)
    sigma_max, centre = grid.sigmas[0], -directions @ mean

    def carry(coordinates: Vectors) -> Vectors:
        with np.errstate(over="ignore", invalid="ignore"):
            return flow(lambda a, i: evaluate(polynomials[i], a / scale(variances, grid.sigmas[i])), coordinates, grid)

    def predict(noise: Vectors) -> Vectors:
        return mean + carry((sigma_max * noise - mean) @ directions.T) @ directions

    z = np.linspace(-REACH, REACH, NODES)
    quantiles = carry(centre + sigma_max * z[:, None])
    bounded = np.abs(quantiles) < ESCAPED
    quantiles = np.where(bounded, quantiles, 0)
    monotone = bounded.all(axis=0) & np.all(np.diff(quantiles, axis=0) > 0, axis=0)

    centres, spreads = moments(z, quantiles, bounded)
    return Law(
        mean=mean + centres @ directions,
        directions=directions,
        variances=np.where(monotone, spreads, np.nan),
        predict=predict,
        fresh=lambda seed, count: predict(unit_noise(seed, count, len(mean))),
        cdf=lambda samples: levels((samples - mean) @ directions.T, z, quantiles, monotone),
        monotone=monotone,
    )


def moments(z: Values, quantiles: Vectors, bounded: np.ndarray) -> tuple[Values, Values]:
    """Mean and variance [r] of coordinates from their values [nodes, r] at normal quantiles z [nodes]; only bounded ones count."""
    weight = np.diff(ndtr((z[1:] + z[:-1]) / 2), prepend=0, append=1)[:, None] * bounded
    weight /= weight.sum(axis=0)
    centres = np.sum(weight * quantiles, axis=0)
    return centres, np.sum(weight * np.square(quantiles - centres), axis=0)


def levels(coordinates: Vectors, z: Values, quantiles: Vectors, monotone: Flags) -> Vectors:
    """The distribution function of each coordinate at the values [n, r], by interpolation; NaN where the map is not monotone."""
    cdf = np.full(coordinates.shape, np.nan)
    for j in np.flatnonzero(monotone):
        cdf[:, j] = ndtr(np.interp(coordinates[:, j], quantiles[:, j], z))
    return cdf


def scale(variances: Values, sigma: float) -> Values:
    """Standard deviation of each noisy coordinate."""
    return np.sqrt(variances + sigma**2)


def fit(coordinates: Vectors, degree: int, grid: Grid, shares: Values | None = None) -> Polynomials:
    """The coefficients of the polynomials that minimise E |D(a + sigma eps) - a|^2, at all levels of the grid but the last.

    D is a sum of Hermite polynomials of (a + sigma eps) / sqrt(lambda + sigma^2). The expectation over a is the mean over the
    coordinates [n, r] with weights `shares` [n] (None: equal); that over eps is Gauss-Hermite quadrature with degree + 1 nodes,
    which is exact for polynomials up to degree 2 degree + 1. Only moments of a up to order 2 degree enter.
    """
    nodes, weights = roots_hermitenorm(degree + 1)
    shares = np.full(len(coordinates), 1 / len(coordinates)) if shares is None else shares
    root = np.sqrt(shares[:, None] * weights / weights.sum())[..., None]  # [n, nodes, 1]
    variances = shares @ np.square(coordinates)
    coefficients = []
    for sigma in grid.sigmas[:-1]:
        noisy = (coordinates[:, None] + sigma * nodes[:, None]) / scale(variances, sigma)  # [n, nodes, r]
        design = hermite(noisy, degree) * root  # [degree + 1, n, nodes, r]
        target = coordinates[:, None] * root
        coefficients.append(np.stack([solve(design[..., j], target[..., j]) for j in range(len(variances))]))
    return np.stack(coefficients)


def solve(design: np.ndarray, target: np.ndarray) -> Values:
    """The least-squares coefficients [terms] for a design [terms, ...] and a target of the shape of its further axes."""
    return np.linalg.lstsq(design.reshape(len(design), -1).T, target.reshape(-1), rcond=None)[0]


def hermite(t: np.ndarray, degree: int) -> np.ndarray:
    """He_k(t) / sqrt(k!) for k = 0 ... degree, orthonormal under N(0, 1): [degree + 1, *t.shape]."""
    values = [np.ones_like(t), t]
    for k in range(1, degree):
        values.append((t * values[k] - np.sqrt(k) * values[k - 1]) / np.sqrt(k + 1))
    return np.stack(values[: degree + 1])


def evaluate(coefficients: Coefficients, t: Vectors) -> Vectors:
    """The polynomial of each coordinate at t: [n, r] -> [n, r]."""
    return np.asarray(np.einsum("knr,rk->nr", hermite(t, coefficients.shape[1] - 1), coefficients))
