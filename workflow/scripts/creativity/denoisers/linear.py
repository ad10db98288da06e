"""The family `linear`: the affine denoiser of least denoising loss, in closed form.

It depends on the training set through its mean and its covariance alone.
"""

from torch import Tensor, nn

from creativity.denoisers.principal import Principal, principal
from creativity.families.linear import Linear
from creativity.tensors import Images, Sigma


def build(config: Linear, images: Images) -> "LinearMmse":
    """The denoiser with the mean and the covariance of these training images [n, c, h, w].

    Two one-pixel images at -1 and 1 have the mean 0 and the variance 1, so D(x, sigma) = x / (1 + sigma^2):

    >>> import torch
    >>> denoiser = build(Linear(family="linear"), images=torch.tensor([-1.0, 1.0]).reshape(2, 1, 1, 1))
    >>> denoiser(torch.full((1, 1, 1, 1), 0.5), torch.tensor([1.0])).item()
    0.25
    """
    return LinearMmse(principal(images))


class LinearMmse(nn.Module):
    """D(x, sigma) = mu + U diag(lambda / (lambda + sigma^2)) U^T (x - mu), with Sigma = U diag(lambda) U^T.

    Linear minimum mean square error estimation (Wiener 1949). Orthogonal to the columns of U the variance lambda is 0: D - mu is 0.
    """

    mean: Tensor
    directions: Tensor
    variances: Tensor

    def __init__(self, target: Principal) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        for name, value in target._asdict().items():
            self.register_buffer(name, value)

    def forward(self, x: Images, sigma: Sigma) -> Images:
        modes = (x.flatten(1).double() - self.mean) @ self.directions.T
        gain = self.variances / (self.variances + sigma[:, None].double() ** 2)
        return (self.mean + (gain * modes) @ self.directions).to(x.dtype).reshape(x.shape)
