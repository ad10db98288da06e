"""The best affine denoiser: of the target it knows the mean and the covariance alone."""

import torch
from torch import Tensor, nn

from creativity.config import Linear
from creativity.tensors import Images, Sigma


def build(config: Linear, images: Images) -> "LinearMmse":
    """The denoiser with the mean and the covariance of these images."""
    return LinearMmse(images)


class LinearMmse(nn.Module):
    """D(x, sigma) = mu + U diag(lambda / (lambda + sigma^2)) U^T (x - mu), with Sigma = U diag(lambda) U^T.

    Linear minimum mean square error estimation (Wiener 1949). mu and Sigma are those of the training set, divided by N, which is
    what minimises the loss over it. U holds at most N - 1 directions; outside them lambda = 0 and D gives the mean.
    """

    mean: Tensor
    directions: Tensor
    variances: Tensor

    def __init__(self, images: Images) -> None:
        super().__init__()
        flat = images.flatten(1).double()
        mean = flat.mean(dim=0)
        _, spread, directions = torch.linalg.svd(flat - mean, full_matrices=False)
        kept = spread > spread[0] * 1e-10
        self.receptive_field = None  # the whole image
        self.register_buffer("mean", mean)
        self.register_buffer("directions", directions[kept])  # [r, d]
        self.register_buffer("variances", spread[kept] ** 2 / len(flat))  # [r]

    def forward(self, x: Images, sigma: Sigma) -> Images:
        modes = (x.flatten(1).double() - self.mean) @ self.directions.T
        gain = self.variances / (self.variances + sigma[:, None].double() ** 2)
        return (self.mean + (gain * modes) @ self.directions).to(x.dtype).reshape(x.shape)
