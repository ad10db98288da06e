"""The law of a bottleneck with a linear decoder: the linear law in the k principal directions of largest variance, flat outside."""

from collections.abc import Mapping
from typing import Any

from creativity.laws.law import Grid, Law, principal
from creativity.laws.linear import of_modes
from creativity.types import Vectors


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of the best affine denoiser of rank k = config["dim"].

    Mode j lowers the loss by lambda_j^2 / (lambda_j + sigma^2), which rises with lambda_j at every sigma: so the best k modes are
    the same at all levels. Along the others D gives the mean, and the last step, to sigma = 0, lands on it exactly.
    """
    mean, directions, variances = principal(images)
    return of_modes(mean, directions[: config["dim"]], variances[: config["dim"]], grid)
