"""The posterior mean of the training set: the best denoiser there is, and one that can only copy."""

import torch
from torch import Tensor, nn

from creativity.families.bayes import Bayes
from creativity.tensors import Images, Sigma


def build(config: Bayes, images: Images) -> "PosteriorMean":
    """The denoiser whose target is exactly these images."""
    return PosteriorMean(images)


class PosteriorMean(nn.Module):
    """D(x, sigma) = sum_i w_i y_i, w = softmax_i(-|x - y_i|^2 / (2 sigma^2)), over the training images y_i.

    |x|^2 is the same for all i and cancels, so the logits are (x . y_i - |y_i|^2 / 2) / sigma^2: two matrix products.
    They are taken about the mean image and in float64, since at small sigma they are differences of large numbers.
    """

    images: Tensor
    mean: Tensor
    halves: Tensor  # |y_i|^2 / 2

    def __init__(self, images: Images) -> None:
        super().__init__()
        flat = images.flatten(1).double()
        self.receptive_field = None  # the whole image
        self.register_buffer("mean", flat.mean(dim=0))
        self.register_buffer("images", flat - self.mean)
        self.register_buffer("halves", self.images.square().sum(dim=1) / 2, persistent=False)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        flat = x.flatten(1).double() - self.mean
        logits = flat @ self.images.T - self.halves
        weights = torch.softmax(logits / sigma[:, None].double() ** 2, dim=1)
        return (weights @ self.images + self.mean).to(x.dtype).reshape(x.shape)
