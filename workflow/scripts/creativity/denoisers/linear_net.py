"""A trained affine denoiser: what `linear` is in closed form, found by gradient descent."""

from torch import nn

from creativity.denoisers.embedding import ModulatedLinear
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.linear_net import LinearNet
from creativity.tensors import Images, Sigma


def build(config: LinearNet, images: Images) -> Preconditioned:
    """The untrained denoiser for images of this shape and spread."""
    return Preconditioned(AffineNet(config.width, values=images[0].numel()), sigma_data(images))


class AffineNet(nn.Module):
    """F(x, c_noise) = C ((1 + a(c_noise)) (A x + s) + b(c_noise)) + t: affine in x, with weights that depend on the noise level.

    One matrix for all levels would not do: with EDM's scalings the best F gains sigma (lambda - sd^2) / (sd (lambda + sigma^2))
    along a direction of variance lambda, where sd is sigma_data. C and A hold the directions, `width` numbers 1 + a the gains.
    """

    def __init__(self, width: int, values: int) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.first = ModulatedLinear(values, width)
        self.last = nn.Linear(width, values)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        return self.last(self.first(x, c_noise)).reshape(x.shape)
