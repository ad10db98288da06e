"""The law of the family `bottleneck` with a linear decoder: the linear law in the first k principal directions.

Orthogonal to these directions all samples equal the mean of the training images.
"""

from collections.abc import Mapping
from typing import Any

from creativity.laws.law import Grid, Law, principal
from creativity.laws.linear import of_modes
from creativity.types import Vectors


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of the best affine denoiser of rank k = config["dim"] for the images [n, d].

    Including mode j lowers the loss by lambda_j^2 / (lambda_j + sigma^2), which increases with lambda_j at all sigma, so the best k
    modes are the same at all noise levels. Along the other modes D equals the mean, which the step to sigma = 0 reaches exactly.
    """
    mean, directions, variances = principal(images)
    return of_modes(mean, directions[: config["dim"]], variances[: config["dim"]], grid)
