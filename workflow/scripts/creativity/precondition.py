"""EDM preconditioning: what stands between a raw network and a denoiser (Karras et al. 2022, table 1)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from creativity.tensors import Images, Sigma


class Scalings(NamedTuple):
    c_skip: Tensor
    c_out: Tensor
    c_in: Tensor
    c_noise: Tensor


def scalings(sigma: Sigma, sigma_data: float | Tensor) -> Scalings:
    """Scalings that give the network unit-variance input and target at every noise level.

    c_skip = sd^2 / (s^2 + sd^2), c_out = s sd / sqrt(s^2 + sd^2), c_in = 1 / sqrt(s^2 + sd^2),
    c_noise = ln(s) / 4, with s = sigma and sd = sigma_data (Karras et al. 2022, table 1).
    """
    total = sigma**2 + sigma_data**2
    return Scalings(sigma_data**2 / total, sigma * sigma_data / total.sqrt(), total.rsqrt(), sigma.log() / 4)


def loss_weight(sigma: Sigma, sigma_data: float | Tensor) -> Sigma:
    """lambda(sigma) = (sigma^2 + sigma_data^2) / (sigma sigma_data)^2 = 1 / c_out^2 (Karras et al. 2022, table 1)."""
    return (sigma**2 + sigma_data**2) / (sigma * sigma_data) ** 2


def sigma_data(images: Images) -> float:
    """Standard deviation of all pixel values about their common mean, in the units of the images."""
    return float(images.double().std(correction=0))


class Preconditioned(nn.Module):
    """A raw network F as a denoiser: D(x, sigma) = c_skip x + c_out F(c_in x, c_noise)."""

    sigma_data: Tensor

    def __init__(self, net: nn.Module, sigma_data: float) -> None:
        super().__init__()
        self.net = net
        self.register_buffer("sigma_data", torch.tensor(sigma_data))

    def forward(self, x: Images, sigma: Sigma) -> Images:
        c_skip, c_out, c_in, c_noise = scalings(sigma, self.sigma_data)
        c_skip, c_out, c_in = (c[:, None, None, None] for c in (c_skip, c_out, c_in))
        return c_skip * x + c_out * self.net(c_in * x, c_noise).to(x.dtype)
