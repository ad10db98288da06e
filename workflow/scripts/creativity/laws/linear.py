"""The law of the family `linear`: samples are Gaussian.

An affine denoiser multiplies each principal mode by a factor that depends on the mode's variance and the grid of noise levels.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from creativity.laws.law import Grid, Law, multistep, principal, unit_noise
from creativity.types import Values, Vectors


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of D(x) = mu + Sigma (Sigma + sigma^2 I)^-1 (x - mu), with the mean mu and covariance Sigma of the images [n, d]."""
    return of_modes(*principal(images), grid)


def of_modes(mean: Values, directions: Vectors, variances: Values, grid: Grid) -> Law:
    """The sample from unit noise eps is x(0) = mu + U diag(f) U^T (sigma_max eps - mu), with f from `factors`.

    So samples are Gaussian, with mean mu - U diag(f) U^T mu and variance (sigma_max f_j)^2 along mode j.
    mean: [d]; directions: U^T [r, d]; variances: [r].
    """
    f, sigma_max = factors(variances, grid), grid.sigmas[0]

    def predict(noise: Vectors) -> Vectors:
        return mean + ((noise * sigma_max - mean) @ directions.T * f) @ directions

    return Law(
        mean=mean - (mean @ directions.T * f) @ directions,
        directions=directions,
        variances=(sigma_max * f) ** 2,
        predict=predict,
        fresh=lambda seed, count: predict(unit_noise(seed, count, len(mean))),
    )


def factors(variances: Values, grid: Grid) -> Values:
    """The factor by which all steps of the grid together multiply a mode of variance lambda: [r] -> [r].

    A mode obeys da / dsigma = g a with g(sigma) = sigma / (lambda + sigma^2). An Euler step from s to s + h multiplies it by
    1 + h g(s), a Heun step by 1 + h/2 [g(s) + g(s + h) (1 + h g(s))], the step to 0 by lambda / (lambda + s^2). As the grid gets
    finer the product tends to sqrt(lambda / (lambda + sigma_max^2)). A step of dpmpp-2m remembers the one before: it has no factor
    of its own, and the mode is followed through all of them.

    With lambda = 1, the Euler step from 1 to 1/2 gives 1 - 1/2 * 1/2 = 3/4 and the step from 1/2 to 0 gives 4/5:

    >>> factors(np.array([1.0]), Grid(np.array([1.0, 0.5, 0.0]), "euler")).round(12)
    array([0.6])
    """
    if grid.sampler == "dpmpp-2m":
        gains = variances / (variances + np.square(grid.sigmas[:-1, None]))
        return multistep(lambda a, i: gains[i] * a, np.ones((1, len(variances))), grid.sigmas)[0]
    if grid.sampler not in ("euler", "heun"):
        raise ValueError(f"no law knows the sampler {grid.sampler}")
    sigma, following = grid.sigmas[:-1, None], grid.sigmas[1:, None]
    step = following - sigma
    euler = 1 + step * sigma / (variances + sigma**2)
    with np.errstate(invalid="ignore"):  # 0 / 0 in the last step of a mode without variance, which is not Heun's
        heun = 1 + step / 2 * (sigma / (variances + sigma**2) + following / (variances + following**2) * euler)
    return np.prod(np.where((following > 0) & (grid.sampler == "heun"), heun, euler), axis=0)
