"""What a law is, and the sampler on a finite grid written a second time, so that samples are held against other code."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from creativity.sampling.noise import starting_noise
from creativity.types import Flags, Values, Vectors

ESCAPED = 1e3  # a value beyond this is on its way to infinity, in pixel values, which real images have in -1..1

Denoise = Callable[[Vectors, int], Vectors]  # (x, number of the noise level) -> the clean vectors expected behind x


class Grid(NamedTuple):
    """The noise levels from sigma_max down to a last 0, and the solver: heun, euler or dpmpp-2m."""

    sigmas: Values
    sampler: str


class Law(NamedTuple):
    """What a denoiser of a class gives: its moments, each sample from its noise, and independent draws.

    mean: [d]; directions: [r, d], orthonormal, outside them nothing varies; variances: [r], along the directions.
    predict: unit noise [n, d] -> the samples that start there. fresh: (seed, count) -> independent draws [count, d].
    images, shares: where the law is a distribution on training images, these [m, d] and the share of each.
    cdf: where each direction has a distribution function by itself, samples [n, d] -> its value at each [n, r]; monotone: [r],
    where it is known; NaN elsewhere.
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
    """Solves dx / dsigma = (x - D(x)) / sigma down the grid, in float64.

    Euler: x' = x + h s, h = sigma' - sigma, s = (x - D(x, sigma)) / sigma. Heun: the mean of s and of the slope at x' instead of s,
    but for the step to sigma = 0, which is Euler's. DPM-Solver++(2M): see `multistep`.
    """
    sigmas = grid.sigmas
    if grid.sampler == "dpmpp-2m":
        return multistep(denoise, x, sigmas)
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
        found = mixed = denoise(x, i)
        if following == 0:
            return found
        h = np.log(sigmas[i] / following)
        if before is not None:
            share = h / (2 * h_before)
            mixed = (1 + share) * found - share * before
        x, before, h_before = np.exp(-h) * x - np.expm1(-h) * mixed, found, h
    return x


def held(rows: Vectors) -> Flags:
    """Which rows have no value that is not finite or has escaped: even polynomials send a few starts to infinity."""
    return np.all(np.abs(rows) < ESCAPED, axis=1)


def principal(images: Vectors) -> tuple[Values, Vectors, Values]:
    """Mean [d], principal directions [r, d] with the largest variance first, and variances [r], over n, of images [n, d].

    Only directions in which the images vary are kept: at most n - 1.
    """
    mean = images.mean(axis=0)
    _, spread, directions = np.linalg.svd(images - mean, full_matrices=False)
    kept = spread > spread[0] * 1e-10
    return mean, directions[kept], spread[kept] ** 2 / len(images)


def unit_noise(seed: int, count: int, dimension: int) -> Vectors:
    """Noise of independent draws: a seed that no campaign's sampling can have."""
    return starting_noise(seed + 2**31, range(count), (dimension,)).astype(np.float64)
