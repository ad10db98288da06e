"""The family `linear-net`: an affine denoiser trained by gradient descent, to be compared with the closed form `linear`."""

from torch import nn

from creativity.denoisers.embedding import ModulatedLinear
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.linear_net import LinearNet
from creativity.tensors import Images, Sigma


def build(config: LinearNet, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w]."""
    return Preconditioned(AffineNet(config.width, values=images[0].numel()), sigma_data(images))


class AffineNet(nn.Module):
    """F(x, c_noise) = C ((1 + a(c_noise)) (A x + s) + b(c_noise)) + t, affine in x at each noise level; x: [b, c, h, w].

    One matrix for all noise levels would not suffice: with EDM's scalings the best F has, along a direction of variance lambda,
    the gain sigma (lambda - sd^2) / (sd (lambda + sigma^2)), where sd is sigma_data. C and A can learn the directions, and the
    `width` numbers 1 + a the gains.
    """

    def __init__(self, width: int, values: int) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.first = ModulatedLinear(values, width)
        self.last = nn.Linear(width, values)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        return self.last(self.first(x, c_noise)).reshape(x.shape)
