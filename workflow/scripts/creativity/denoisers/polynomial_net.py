"""The family `polynomial-net`: a trained denoiser that is, at each noise level, a polynomial in the image of a set total degree."""

from torch import nn

from creativity.denoisers.embedding import ModulatedLinear
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.polynomial_net import PolynomialNet
from creativity.tensors import Images, Sigma


def build(config: PolynomialNet, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w]."""
    return Preconditioned(ProductNet(config, values=images[0].numel()), sigma_data(images))


class ProductNet(nn.Module):
    """F(x, c_noise) = C h_K(x), h_1 = A_1 x, h_k = (1 + A_k x) h_{k-1}: a polynomial of degree K in x (Chrysos et al. 2020).

    All A_k are affine with weights that depend on the noise level, and products of vectors are elementwise. The `width` products
    factorise the tensor of coefficients, which has about d^K entries for an image of d values.
    """

    def __init__(self, config: PolynomialNet, values: int) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.factors = nn.ModuleList(ModulatedLinear(values, config.width) for _ in range(config.degree))
        self.last = nn.Linear(config.width, values)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        first, *others = self.factors
        h = first(x, c_noise)
        for factor in others:
            h = (1 + factor(x, c_noise)) * h
        return self.last(h).reshape(x.shape)
