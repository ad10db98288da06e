"""The type `Law`, and a second implementation of the samplers in NumPy.

Laws do not share code with the denoisers and samplers that they are compared with, so that a mistake in either shows.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from creativity.sampling.noise import starting_noise
from creativity.types import Flags, Values, Vectors

Denoise = Callable[[Vectors, int], Vectors]  # (x, index of the noise level) -> D(x, sigma)


class Grid(NamedTuple):
    """The noise levels [steps + 1] from sigma_max down to 0, and the sampler: heun, euler or dpmpp-2m."""

    sigmas: Values
    sampler: str


class Law(NamedTuple):
    """The distribution of the samples, and the map from starting noise to samples.

    mean: [d]; directions: [r, d], orthonormal rows, along which alone samples vary; variances: [r], along the directions.
    predict: unit noise [n, d] -> the samples [n, d] that start from it. fresh: (seed, count) -> independent draws [count, d].
    images, shares: the atoms [m, d] and their probabilities [m], where the distribution is discrete.
    cdf: samples [n, d] -> the distribution function of their coordinate along each direction [n, r], where the directions are
    treated one by one. monotone: [r], whether it could be computed for a direction; the cdf is NaN where not.
    """

    mean: Values
    directions: Vectors
    variances: Values
    predict: Callable[[Vectors], Vectors]
    fresh: Callable[[int, int], Vectors]
    images: Vectors | None = None
    shares: Values | None = None
    cdf: Callable[[Vectors], Vectors] | None = None
    monotone: Flags | None = None


def flow(denoise: Denoise, x: Vectors, grid: Grid) -> Vectors:
    """Solves the probability-flow equation dx / dsigma = (x - D(x, sigma)) / sigma down the grid, from x [n, d] at sigma_max.

    Euler: x' = x + h s, h = sigma' - sigma, s = (x - D(x, sigma)) / sigma. Heun: s is averaged with the slope at x', except in the
    step to sigma = 0, which is Euler's (Karras et al. 2022, algorithm 1). DPM-Solver++(2M): see `multistep`. Raises ValueError for
    any other sampler.

    With D = 0 the solution is proportional to sigma:

    >>> grid = Grid(np.array([2.0, 1.0, 0.5]), "euler")
    >>> flow(lambda x, level: np.zeros_like(x), np.array([[8.0]]), grid)
    array([[2.]])
    """
    sigmas = grid.sigmas
    if grid.sampler == "dpmpp-2m":
        return multistep(denoise, x, sigmas)
    if grid.sampler not in ("euler", "heun"):
        raise ValueError(f"no law knows the sampler {grid.sampler}")
    for i in range(len(sigmas) - 1):
        step = sigmas[i + 1] - sigmas[i]
        slope = (x - denoise(x, i)) / sigmas[i]
        end = x + step * slope
        if grid.sampler == "heun" and sigmas[i + 1] > 0:
            slope = (slope + (end - denoise(end, i + 1)) / sigmas[i + 1]) / 2
            end = x + step * slope
        x = end
    return x


def multistep(denoise: Denoise, x: Vectors, sigmas: Values) -> Vectors:
    """x' = e^-h x - (e^-h - 1) [(1 + 1 / 2r) D - 1 / 2r D_before], h = ln(sigma / sigma'), r = h_before / h (Lu et al. 2022).

    There is no D_before in the first step, and the step to sigma = 0 lands on D.
    """
    before, h_before = None, 0.0
    for i, following in enumerate(sigmas[1:]):
        denoised = mixed = denoise(x, i)
        if following == 0:
            return denoised
        h = np.log(sigmas[i] / following)
        if before is not None:
            share = h / (2 * h_before)
            mixed = (1 + share) * denoised - share * before
        x, before, h_before = np.exp(-h) * x - np.expm1(-h) * mixed, denoised, h
    return x


def principal(images: Vectors) -> tuple[Values, Vectors, Values]:
    """Mean [d], principal directions [r, d] with the largest variance first, and variances [r] (divided by n) of images [n, d].

    Directions without variance are left out, so r is at most n - 1.
    """
    mean = images.mean(axis=0)
    _, norms, directions = np.linalg.svd(images - mean, full_matrices=False)
    varies = norms > norms[0] * 1e-10
    return mean, directions[varies], norms[varies] ** 2 / len(images)


def unit_noise(seed: int, count: int, dimension: int) -> Vectors:
    """Standard normal noise [count, dimension], independent of that of any campaign, whose seeds are below 2^31."""
    return starting_noise(seed + 2**31, range(count), (dimension,)).astype(np.float64)
