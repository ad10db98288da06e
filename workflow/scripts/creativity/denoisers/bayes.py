"""The family `bayes`: the posterior mean under the empirical distribution of the training set.

No denoiser has a lower denoising loss on the training set; samples drawn with it are copies of training images.
"""

import torch
from torch import Tensor, nn

from creativity.families.bayes import Bayes
from creativity.tensors import Images, Sigma


def build(config: Bayes, images: Images) -> "PosteriorMean":
    """The posterior mean over these training images [n, c, h, w].

    Of two one-pixel images at -1 and 1 it is tanh(x / sigma^2):

    >>> denoiser = build(Bayes(family="bayes"), images=torch.tensor([-1.0, 1.0]).reshape(2, 1, 1, 1))
    >>> x, sigma = torch.full((1, 1, 1, 1), 0.5), torch.tensor([1.0])
    >>> round(denoiser(x, sigma).item(), 4)
    0.4621
    """
    return PosteriorMean(images)


class PosteriorMean(nn.Module):
    """D(x, sigma) = sum_i w_i y_i, w = softmax_i(-|x - y_i|^2 / (2 sigma^2)), over the training images y_i.

    |x|^2 is the same for all i and cancels in the softmax: the logits are (x . y_i - |y_i|^2 / 2) / sigma^2. The mean image is
    subtracted from x and y_i first, and all is computed in float64: at small sigma the logits are differences of large numbers.
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
