"""Noise conditioning: how a network receives the noise level, as an embedding that scales and shifts its hidden channels."""

import math

import torch
from torch import Tensor, nn

from creativity.tensors import Sigma


class NoiseEmbedding(nn.Module):
    """Fourier features of c_noise followed by one linear layer and SiLU: [b] -> [b, channels].

    The wavelengths are spaced geometrically from 8 to 1/4; c_noise = ln(sigma) / 4 itself spans about 2.7 between
    sigma = 0.002 and 80. The features are those of Tancik et al. (2020), the range of wavelengths is ours.
    """

    frequencies: Tensor

    def __init__(self, channels: int, features: int = 16) -> None:
        super().__init__()
        self.register_buffer("frequencies", 2 * math.pi * torch.logspace(-3, 2, features // 2, base=2.0))
        self.mix = nn.Linear(features, channels)

    def forward(self, c_noise: Sigma) -> Tensor:
        angles = c_noise[:, None] * self.frequencies
        return nn.functional.silu(self.mix(torch.cat([angles.cos(), angles.sin()], dim=1)))


class ModulatedLinear(nn.Module):
    """An affine map whose outputs are scaled and shifted by the noise level: (x: [b, ...], c_noise: [b]) -> [b, outgoing]."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        super().__init__()
        self.linear = nn.Linear(incoming, outgoing)
        self.embed = NoiseEmbedding(64)
        self.modulate = Modulation(64, outgoing)

    def forward(self, x: Tensor, c_noise: Sigma) -> Tensor:
        return self.modulate(self.linear(x.flatten(1)), self.embed(c_noise))


class Modulation(nn.Module):
    """h (1 + a) + b, a and b [b, channels] being affine in the noise embedding (FiLM, Perez et al. 2018). h: [b, channels, ...]."""

    def __init__(self, embedding: int, channels: int) -> None:
        super().__init__()
        self.affine = nn.Linear(embedding, 2 * channels)

    def forward(self, h: Tensor, embedding: Tensor) -> Tensor:
        scale, shift = self.affine(embedding).unflatten(1, (2, -1) + (1,) * (h.ndim - 2)).unbind(1)
        return torch.addcmul(shift, h, 1 + scale)
