"""The law of polynomial denoisers: each principal coordinate goes through a map of its own, hence a quantile function."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.special import ndtr, roots_hermitenorm

from creativity.laws.law import ESCAPED, Grid, Law, flow, principal, unit_noise
from creativity.types import Flags, Values, Vectors

Coefficients = Float[np.ndarray, "r terms"]  # of Hermite polynomials of degree 0, 1 ..., a row a coordinate
Polynomials = Float[np.ndarray, "levels r terms"]
NODES = 4001  # quantiles at which a map is followed
REACH = 5.0  # standard deviations of the start within which a map must be monotone: one start in two million lies outside


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of the best denoiser that is a polynomial of degree config["degree"] in each principal coordinate by itself.

    A coordinate a = u^T (x - mu) starts from N(-u^T mu, sigma_max^2) and is carried by the grid's map phi. Where phi is
    monotone, the law's quantile function is Q(p) = phi(-u^T mu + sigma_max Phi^-1(p)). Where it is not, a few
    starts far out decide the variance, and none is given; the mean is that of the starts that do not escape.
    """
    mean, directions, variances = principal(images)
    polynomials = fit((images - mean) @ directions.T, config["degree"], grid)
    start, centre = grid.sigmas[0], -directions @ mean

    def carry(coordinates: Vectors) -> Vectors:
        with np.errstate(over="ignore", invalid="ignore"):
            return flow(lambda a, i: evaluate(polynomials[i], a / scale(variances, grid.sigmas[i])), coordinates, grid)

    def predict(noise: Vectors) -> Vectors:
        return mean + carry((start * noise - mean) @ directions.T) @ directions

    z = np.linspace(-REACH, REACH, NODES)
    quantiles = carry(centre + start * z[:, None])
    kept = np.abs(quantiles) < ESCAPED
    quantiles = np.where(kept, quantiles, 0)
    monotone = kept.all(axis=0) & np.all(np.diff(quantiles, axis=0) > 0, axis=0)

    centres, spreads = moments(z, quantiles, kept)
    return Law(
        mean=mean + centres @ directions,
        directions=directions,
        variances=np.where(monotone, spreads, np.nan),
        predict=predict,
        fresh=lambda seed, count: predict(unit_noise(seed, count, len(mean))),
        cdf=lambda samples: levels((samples - mean) @ directions.T, z, quantiles, monotone),
        monotone=monotone,
    )


def moments(z: Values, quantiles: Vectors, kept: np.ndarray) -> tuple[Values, Values]:
    """Mean and variance [r] of each coordinate, from where it carries the normal quantiles z; those not kept have no weight."""
    weight = np.diff(ndtr((z[1:] + z[:-1]) / 2), prepend=0, append=1)[:, None] * kept
    weight /= weight.sum(axis=0)
    centres = np.sum(weight * quantiles, axis=0)
    return centres, np.sum(weight * np.square(quantiles - centres), axis=0)


def levels(coordinates: Vectors, z: Values, quantiles: Vectors, monotone: Flags) -> Vectors:
    """The distribution function of each coordinate at its values [n, r]; NaN where the map is not monotone."""
    found = np.full(coordinates.shape, np.nan)
    for j in np.flatnonzero(monotone):
        found[:, j] = ndtr(np.interp(coordinates[:, j], quantiles[:, j], z))
    return found


def scale(variances: Values, sigma: float) -> Values:
    return np.sqrt(variances + sigma**2)


def fit(coordinates: Vectors, degree: int, grid: Grid, shares: Values | None = None) -> Polynomials:
    """The coefficients of the best polynomials at every level but the last, argmin E |D(a + sigma eps) - a|^2.

    D is a sum of Hermite polynomials of (a + sigma eps) / sqrt(lambda + sigma^2). The mean over the targets a is that over the
    coordinates [n, r], with these shares [n] or equal ones; that over eps is Gauss-Hermite quadrature with degree + 1 nodes, exact
    for what a square holds. Only moments of the target up to order 2 degree enter.
    """
    nodes, weights = roots_hermitenorm(degree + 1)
    shares = np.full(len(coordinates), 1 / len(coordinates)) if shares is None else shares
    root = np.sqrt(shares[:, None] * weights / weights.sum())[..., None]  # [n, nodes, 1]
    variances = shares @ np.square(coordinates)
    found = []
    for sigma in grid.sigmas[:-1]:
        noisy = (coordinates[:, None] + sigma * nodes[:, None]) / scale(variances, sigma)  # [n, nodes, r]
        design = hermite(noisy, degree) * root  # [degree + 1, n, nodes, r]
        target = coordinates[:, None] * root
        found.append(np.stack([solve(design[..., j], target[..., j]) for j in range(len(variances))]))
    return np.stack(found)


def solve(design: np.ndarray, target: np.ndarray) -> Values:
    """Least squares over all but the first axis of the design."""
    return np.linalg.lstsq(design.reshape(len(design), -1).T, target.reshape(-1), rcond=None)[0]


def hermite(t: np.ndarray, degree: int) -> np.ndarray:
    """He_0 ... He_degree over sqrt(k!), orthonormal under N(0, 1): [degree + 1, *t.shape]."""
    values = [np.ones_like(t), t]
    for k in range(1, degree):
        values.append((t * values[k] - np.sqrt(k) * values[k - 1]) / np.sqrt(k + 1))
    return np.stack(values[: degree + 1])


def evaluate(coefficients: Coefficients, t: Vectors) -> Vectors:
    """The sum of the Hermite polynomials of each coordinate: [n, r] -> [n, r]."""
    return np.asarray(np.einsum("knr,rk->nr", hermite(t, coefficients.shape[1] - 1), coefficients))
