"""The best affine denoiser: of the target it knows the mean and the covariance alone."""

from torch import Tensor, nn

from creativity.denoisers.principal import Principal, principal
from creativity.families.linear import Linear
from creativity.tensors import Images, Sigma


def build(config: Linear, images: Images) -> "LinearMmse":
    """The denoiser with the mean and the covariance of these images."""
    return LinearMmse(principal(images))


class LinearMmse(nn.Module):
    """D(x, sigma) = mu + U diag(lambda / (lambda + sigma^2)) U^T (x - mu), with Sigma = U diag(lambda) U^T.

    Linear minimum mean square error estimation (Wiener 1949). Outside the directions of U lambda = 0 and D gives the mean.
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
