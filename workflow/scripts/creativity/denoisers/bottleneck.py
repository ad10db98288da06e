"""The family `bottleneck`: minimisers of the denoising loss, in closed form, among denoisers that see `dim` numbers of the image.

These numbers are the image's coordinates along the first `dim` principal directions of the training set.
"""

import torch
from torch import Tensor, nn

from creativity.denoisers.linear import LinearMmse
from creativity.denoisers.principal import Principal, principal
from creativity.families.bottleneck import Bottleneck
from creativity.tensors import Images, Sigma


def build(config: Bottleneck, images: Images) -> nn.Module:
    """The denoiser whose encoder is the first `dim` principal directions of these training images [n, c, h, w]."""
    mean, directions, variances = principal(images)
    leading = Principal(mean, directions[: config.dim], variances[: config.dim])
    return LinearMmse(leading) if config.decoder == "linear" else ConditionalMean(leading, images)


class ConditionalMean(nn.Module):
    """D(x, sigma) = E[y | W x] = sum_i w_i y_i, w = softmax_i(-|W x - W y_i|^2 / (2 sigma^2)), over the training images y_i.

    The rows of W are orthonormal, so the noise in W x has standard deviation sigma, as the noise in x has.
    """

    mean: Tensor
    directions: Tensor
    images: Tensor
    codes: Tensor  # W y_i
    halves: Tensor  # |W y_i|^2 / 2

    def __init__(self, encoder: Principal, images: Images) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.register_buffer("mean", encoder.mean)
        self.register_buffer("directions", encoder.directions)
        self.register_buffer("images", images.flatten(1).double() - encoder.mean)
        self.register_buffer("codes", self.images @ self.directions.T, persistent=False)
        self.register_buffer("halves", self.codes.square().sum(dim=1) / 2, persistent=False)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        z = (x.flatten(1).double() - self.mean) @ self.directions.T
        logits = z @ self.codes.T - self.halves
        weights = torch.softmax(logits / sigma[:, None].double() ** 2, dim=1)
        return (weights @ self.images + self.mean).to(x.dtype).reshape(x.shape)
