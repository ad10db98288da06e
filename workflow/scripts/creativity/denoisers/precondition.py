"""EDM preconditioning: turns a raw network F into a denoiser D by noise-dependent scalings (Karras et al. 2022, table 1)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from creativity.tensors import Images, Sigma


class Scalings(NamedTuple):
    """The factors in D(x, sigma) = c_skip x + c_out F(c_in x, c_noise), one for each noise level: [b] each."""

    c_skip: Tensor
    c_out: Tensor
    c_in: Tensor
    c_noise: Tensor


def scalings(sigma: Sigma, sigma_data: float | Tensor) -> Scalings:
    """Scalings that give the network an input and a training target of unit variance at every noise level.

    c_skip = sd^2 / (s^2 + sd^2), c_out = s sd / sqrt(s^2 + sd^2), c_in = 1 / sqrt(s^2 + sd^2),
    c_noise = ln(s) / 4, with s = sigma [b] and sd = sigma_data (Karras et al. 2022, table 1).

    >>> c_skip, c_out, c_in, c_noise = scalings(sigma=torch.tensor([1.0]), sigma_data=1.0)
    >>> c_skip.item(), round(c_out.item(), 4), round(c_in.item(), 4), c_noise.item()
    (0.5, 0.7071, 0.7071, 0.0)
    """
    total = sigma**2 + sigma_data**2
    return Scalings(sigma_data**2 / total, sigma * sigma_data / total.sqrt(), total.rsqrt(), sigma.log() / 4)


def loss_weight(sigma: Sigma, sigma_data: float | Tensor) -> Sigma:
    """lambda(sigma) = (sigma^2 + sigma_data^2) / (sigma sigma_data)^2 = 1 / c_out^2: [b] (Karras et al. 2022, table 1).

    >>> loss_weight(sigma=torch.tensor([0.5, 1.0]), sigma_data=1.0)
    tensor([5., 2.])
    """
    return (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2


def sigma_data(images: Images) -> float:
    """Standard deviation of all pixel values of the images [n, c, h, w] about their common mean, in the units of the images."""
    return float(images.double().std(correction=0))


class Preconditioned(nn.Module):
    """A raw network F as a denoiser: D(x, sigma) = c_skip x + c_out F(c_in x, c_noise); x [b, c, h, w], sigma [b].

    skip: whether c_skip x is added. For a bottleneck it must not be: then c_skip = 0 and c_out = sigma_data, which again gives F a
    target of unit variance. D then relies on F at the lowest noise levels too, which training rarely draws, so c_noise is clamped
    to its value at sigma_data / 20, below which images are almost clean.
    """

    sigma_data: Tensor

    def __init__(self, net: nn.Module, sigma_data: float, skip: bool = True) -> None:
        super().__init__()
        self.net, self.skip = net, skip
        self.register_buffer("sigma_data", torch.tensor(sigma_data))

    def scalings(self, sigma: Sigma) -> Scalings:
        """The scalings of this denoiser, with or without the skip connection."""
        edm = scalings(sigma, self.sigma_data)
        if self.skip:
            return edm
        c_noise = sigma.clamp(min=self.sigma_data / 20).log() / 4
        return edm._replace(c_skip=torch.zeros_like(sigma), c_out=self.sigma_data.expand_as(sigma), c_noise=c_noise)

    def loss_weight(self, sigma: Sigma, sigma_data: Tensor | None = None) -> Sigma:
        """1 / c_out^2: with it the error of F has equal weight at all noise levels. sigma_data: this denoiser's own if None."""
        sigma_data = self.sigma_data if sigma_data is None else sigma_data
        return loss_weight(sigma, sigma_data) if self.skip else sigma_data.expand_as(sigma) ** -2

    def forward(self, x: Images, sigma: Sigma) -> Images:
        c_skip, c_out, c_in, c_noise = self.scalings(sigma)
        c_skip, c_out, c_in = (c[:, None, None, None] for c in (c_skip, c_out, c_in))
        return c_skip * x + c_out * self.net(c_in * x, c_noise).to(x.dtype)
