"""The family `dit`: diffusion transformers (Peebles & Xie 2023), with global attention or in windows about each patch.

Without convolutions nothing ties neighbouring patches together but their positions and the window, which are options.
"""

import math

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from creativity.denoisers.embedding import NoiseEmbedding
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.dit import Dit
from creativity.tensors import Images, Sigma

LONGEST = 10_000.0  # of the sinusoids' wavelengths over 2 pi, in patches (Vaswani et al. 2017)
LEARNED = 0.02  # standard deviation of learned positions at the start


def build(config: Dit, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w]."""
    return Preconditioned(Transformer(config, *images.shape[1:3]), sigma_data(images))


class Transformer(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w] through `depth` blocks on the patches of x, in rows from the top left.

    The noise level, c_noise = ln(sigma) / 4, sets the scales, shifts and gates of all blocks. The gates begin at 0 (adaLN-zero), so
    that a block begins as the identity, and the last layer begins at 0. In windows of side w a pixel sees the square of
    patch (1 + depth (w - 1)) pixels about its patch.
    """

    positions: Tensor | None  # [patches, width]

    def __init__(self, config: Dit, channels: int, size: int) -> None:
        super().__init__()
        side, values = size // config.patch, channels * config.patch**2
        self.patch, self.side, self.window = config.patch, side, config.window
        self.receptive_field = config.patch * (1 + config.depth * (config.window - 1)) if config.window else None
        self.embed = NoiseEmbedding(config.width)
        self.first = nn.Linear(values, config.width)
        self.blocks = nn.ModuleList(Block(config.width, config.heads) for _ in range(config.depth))
        self.modulate = zeroed(nn.Linear(config.width, 2 * config.width))
        self.last = zeroed(nn.Linear(config.width, values))
        if config.positions == "learned":
            self.positions = nn.Parameter(LEARNED * torch.randn(side**2, config.width))
        else:
            self.register_buffer("positions", sinusoids(side, config.width) if config.positions == "sinusoidal" else None)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        embedding, near = self.embed(c_noise), within(self.side, self.window).to(x.device) if self.window else None
        h = self.first(nn.functional.unfold(x, self.patch, stride=self.patch).transpose(1, 2))  # [b, patches, width]
        h = h if self.positions is None else h + self.positions
        for block in self.blocks:
            h = block(h, embedding, near)
        shift, scale = self.modulate(embedding)[:, None].chunk(2, dim=2)
        values = self.last(modulated(h, shift, scale))
        return nn.functional.fold(values.transpose(1, 2), tuple(x.shape[2:]), self.patch, stride=self.patch)


class Block(nn.Module):
    """Attention and an MLP on each patch, both with a residual connection that the noise level gates (Peebles & Xie 2023)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.modulate = zeroed(nn.Linear(width, 6 * width))
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(approximate="tanh"), nn.Linear(4 * width, width))

    def forward(
        self, h: Float[Tensor, "b t w"], embedding: Float[Tensor, "b w"], near: Bool[Tensor, "t t"] | None
    ) -> Float[Tensor, "b t w"]:
        shift1, scale1, gate1, shift2, scale2, gate2 = self.modulate(embedding)[:, None].chunk(6, dim=2)
        h = h + gate1 * self.attend(modulated(h, shift1, scale1), near)
        return h + gate2 * self.mlp(modulated(h, shift2, scale2))

    def attend(self, h: Float[Tensor, "b t w"], near: Bool[Tensor, "t t"] | None) -> Float[Tensor, "b t w"]:
        q, k, v = self.qkv(h).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # [b, heads, t, w / heads] each
        logits = q @ k.mT / math.sqrt(q.shape[3])  # not torch's fused attention, of which vmap knows no batched form on a CPU
        logits = logits if near is None else logits.masked_fill(~near, -torch.inf)
        return self.out((logits.softmax(dim=3) @ v).transpose(1, 2).flatten(2))


def modulated(h: Float[Tensor, "b t w"], shift: Float[Tensor, "b 1 w"], scale: Float[Tensor, "b 1 w"]) -> Float[Tensor, "b t w"]:
    """Each patch normalised over its own numbers, then scaled and shifted."""
    return nn.functional.layer_norm(h, h.shape[2:]) * (1 + scale) + shift


def zeroed(layer: nn.Linear) -> nn.Linear:
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def places(side: int) -> Float[Tensor, "patches 2"]:
    """Row and column of each patch."""
    return torch.cartesian_prod(torch.arange(side), torch.arange(side)).float()


def within(side: int, window: int) -> Bool[Tensor, "patches patches"]:
    """Which patches lie in the window about each, which the border cuts off."""
    apart = (places(side)[:, None] - places(side)).abs().amax(dim=2)
    return apart <= window // 2


def sinusoids(side: int, width: int) -> Float[Tensor, "patches width"]:
    """Sines and cosines of the row in one half, of the column in the other, with wavelengths spaced geometrically.

    The first frequency is 1 a patch, the others fall towards 1 / LONGEST (Vaswani et al. 2017; in two dimensions as in ViTs).
    """
    frequencies = torch.exp(-math.log(LONGEST) * torch.arange(width // 4) / (width // 4))
    angles = places(side)[:, :, None] * frequencies  # [patches, 2, width / 4]
    return torch.cat([angles.sin(), angles.cos()], dim=2).flatten(1)
