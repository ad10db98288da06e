"""Mean, principal directions and variances of a set of images."""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from creativity.tensors import Images


class Principal(NamedTuple):
    """Sigma = directions^T diag(variances) directions, the largest variance first; float64."""

    mean: Float[Tensor, " d"]
    directions: Float[Tensor, "r d"]  # orthonormal rows
    variances: Float[Tensor, " r"]


def principal(images: Images, weights: Float[Tensor, " b"] | None = None) -> Principal:
    """The mean and the covariance of the images, each counted by its weight; null: 1 / N each.

    Divided by N, not by N - 1: that is what minimises the denoising loss over the set. There are at most N - 1 directions;
    those without variance are left out.
    """
    flat = images.flatten(1).double()
    weights = torch.full_like(flat[:, 0], 1 / len(flat)) if weights is None else weights
    mean = weights @ flat
    _, spread, directions = torch.linalg.svd(weights.sqrt()[:, None] * (flat - mean), full_matrices=False)
    kept = spread > spread[0] * 1e-10
    return Principal(mean, directions[kept], spread[kept] ** 2)
