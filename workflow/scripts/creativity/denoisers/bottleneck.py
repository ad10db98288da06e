"""The best denoisers that see `dim` numbers of the image: its coordinates along the first principal directions."""

import torch
from torch import Tensor, nn

from creativity.denoisers.linear import LinearMmse
from creativity.denoisers.principal import Principal, principal
from creativity.families.bottleneck import Bottleneck
from creativity.tensors import Images, Sigma


def build(config: Bottleneck, images: Images) -> nn.Module:
    """The denoiser with the first `dim` principal directions of these images as its encoder."""
    mean, directions, variances = principal(images)
    seen = Principal(mean, directions[: config.dim], variances[: config.dim])
    return LinearMmse(seen) if config.decoder == "linear" else ConditionalMean(seen, images)


class ConditionalMean(nn.Module):
    """D(x, sigma) = E[y | W x] = sum_i w_i y_i, w = softmax_i(-|W x - W y_i|^2 / (2 sigma^2)), over the training images y_i.

    The rows of W are orthonormal: the noise in W x has the standard deviation sigma of the noise in x.
    """

    mean: Tensor
    directions: Tensor
    images: Tensor
    codes: Tensor  # W y_i
    halves: Tensor  # |W y_i|^2 / 2

    def __init__(self, seen: Principal, images: Images) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.register_buffer("mean", seen.mean)
        self.register_buffer("directions", seen.directions)
        self.register_buffer("images", images.flatten(1).double() - seen.mean)
        self.register_buffer("codes", self.images @ self.directions.T, persistent=False)
        self.register_buffer("halves", self.codes.square().sum(dim=1) / 2, persistent=False)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        z = (x.flatten(1).double() - self.mean) @ self.directions.T
        logits = z @ self.codes.T - self.halves
        weights = torch.softmax(logits / sigma[:, None].double() ** 2, dim=1)
        return (weights @ self.images + self.mean).to(x.dtype).reshape(x.shape)
