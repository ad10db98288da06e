"""Principal component analysis of a set of images: mean, directions and variances, in float64."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from creativity.tensors import Images


class Principal(NamedTuple):
    """The covariance matrix is directions^T diag(variances) directions; the largest variance comes first; float64."""

    mean: Float[Tensor, " d"]
    directions: Float[Tensor, "r d"]  # orthonormal rows
    variances: Float[Tensor, " r"]


def principal(images: Images, weights: Float[Tensor, " b"] | None = None) -> Principal:
    """The mean and the eigendecomposition of the covariance of the images [N, c, h, w], weighted by `weights`; None: 1 / N each.

    The covariance is divided by N, not by N - 1, since that is the one that minimises the denoising loss over the set. Directions
    without variance are left out, so there are at most N - 1.
    """
    flat = images.flatten(1).double()
    weights = torch.full_like(flat[:, 0], 1 / len(flat)) if weights is None else weights
    mean = weights @ flat
    _, deviations, directions = torch.linalg.svd(weights.sqrt()[:, None] * (flat - mean), full_matrices=False)
    varies = deviations > deviations[0] * 1e-10
    return Principal(mean, directions[varies], deviations[varies] ** 2)
