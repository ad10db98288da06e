"""The family `unet`: UNets with separate options for depth, width, skip connections, attention, kernels and so on.

Each option can be varied alone, to ask which part of the architecture decides between copying and creating.
"""

import torch
from torch import Tensor, nn

from creativity.denoisers.dropout import dropout
from creativity.denoisers.embedding import Modulation, NoiseEmbedding
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.unet import Unet
from creativity.tensors import Images, Sigma

EMBEDDED = 4  # numbers of the noise embedding, over the width


def build(config: Unet, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w].

    The architecture is that of Ronneberger et al. (2015), with blocks after Ho et al. (2020).
    """
    return Preconditioned(UNet(config, channels=images.shape[1]), sigma_data(images))


class UNet(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w]; the encoder halves the side `pooling` times."""

    def __init__(self, config: Unet, channels: int) -> None:
        super().__init__()
        widths = [config.width * m for m in config.level_multipliers]
        self.skips = config.skips

        def blocks(level: int, incoming: int) -> nn.ModuleList:
            inputs = [incoming] + [widths[level]] * (config.blocks - 1)
            return nn.ModuleList(Block(config, c, widths[level], level in config.attention) for c in inputs)

        self.embed = NoiseEmbedding(EMBEDDED * config.width)
        self.first = conv(config, channels, widths[0])
        self.down = nn.ModuleList(blocks(level, widths[max(level - 1, 0)]) for level in range(len(widths)))
        self.up = nn.ModuleList(
            blocks(level, widths[min(level + 1, len(widths) - 1)] + (widths[level] if config.skips else 0))
            for level in range(len(widths))
        )
        self.norm = norm(config, widths[0])
        self.last = conv(config, widths[0], channels)
        nn.init.zeros_(self.last.weight)
        self.receptive_field = receptive_field(config)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        embedding = self.embed(c_noise)
        h, skipped = self.first(x), []
        for level, blocks in enumerate(self.down):
            h = nn.functional.avg_pool2d(h, 2) if level else h
            h = run(blocks, h, embedding)
            skipped.append(h)
        for level, blocks in reversed(list(enumerate(self.up))):
            h = torch.cat([h, skipped[level]], dim=1) if self.skips else h
            h = run(blocks, h, embedding)
            h = nn.functional.interpolate(h, scale_factor=2) if level else h
        return self.last(nn.functional.silu(self.norm(h)))


def run(blocks: nn.Module, h: Tensor, embedding: Tensor) -> Tensor:
    for block in blocks.children():
        h = block(h, embedding)
    return h


class Block(nn.Module):
    """Two convolutions with a residual connection, modulated by the noise level, then attention where `attend` is true."""

    def __init__(self, config: Unet, incoming: int, outgoing: int, attend: bool) -> None:
        super().__init__()
        self.norm1, self.conv1 = norm(config, incoming), conv(config, incoming, outgoing)
        self.modulate = Modulation(EMBEDDED * config.width, outgoing)
        self.norm2, self.conv2 = norm(config, outgoing), conv(config, outgoing, outgoing)
        self.shortcut = nn.Conv2d(incoming, outgoing, 1) if incoming != outgoing else nn.Identity()
        self.attention = Attention(norm(config, outgoing), outgoing) if attend else nn.Identity()
        self.drop = dropout(config.dropout)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        h = self.conv1(nn.functional.silu(self.norm1(x)))
        h = self.conv2(self.drop(nn.functional.silu(self.modulate(self.norm2(h), embedding))))
        return self.attention(self.shortcut(x) + h)


class Attention(nn.Module):
    """Self-attention over all pixels, one head, with a residual connection (Vaswani et al. 2017): [b, c, h, w] -> [b, c, h, w]."""

    def __init__(self, norm: nn.Module, channels: int) -> None:
        super().__init__()
        self.norm = norm
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.qkv(self.norm(x)).flatten(2).transpose(1, 2).chunk(3, dim=2)  # [b, h w, c] each
        h = nn.functional.scaled_dot_product_attention(q, k, v)
        return x + self.out(h.transpose(1, 2).reshape(x.shape))


def conv(config: Unet, incoming: int, outgoing: int) -> nn.Conv2d:
    return nn.Conv2d(incoming, outgoing, config.kernel, padding=config.kernel // 2, padding_mode=config.padding)


def norm(config: Unet, channels: int) -> nn.Module:
    """The normalisation of a layer: in groups of channels over all places, over the channels of each place, or none."""
    if config.norm == "none":
        return nn.Identity()
    return group_norm(channels) if config.norm == "group" else PixelNorm(channels)


def group_norm(channels: int) -> nn.GroupNorm:
    groups = next(g for g in (8, 4, 2, 1) if (channels % g == 0 and channels // g >= 2) or g == 1)
    return nn.GroupNorm(groups, channels)


class PixelNorm(nn.LayerNorm):
    """Layer normalisation of the channels of each pixel (Ba et al. 2016), which no other pixel has a part in: [b, c, h, w]."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.movedim(1, -1)).movedim(-1, 1)


def receptive_field(config: Unet) -> int:
    """Side, in pixels, of the largest patch of x that the convolutions of one output pixel cover, ignoring the image border.

    The interval of covered pixels is traced back from an output pixel along the deepest path: a convolution widens it by half a
    kernel of its level on both sides, an interpolation halves it, a pooling doubles it. Group normalisation and attention depend on
    the whole image and are not counted.
    """
    radius = config.kernel // 2
    halo = 2 * config.blocks * radius  # two convolutions a block

    def side(pixel: int) -> int:
        low, high = pixel - radius, pixel + radius  # the last convolution
        for level in range(config.pooling + 1):
            low, high = (low // 2, high // 2) if level else (low, high)
            low, high = low - halo, high + halo
        for level in reversed(range(config.pooling + 1)):
            low, high = low - halo, high + halo
            low, high = (2 * low, 2 * high + 1) if level else (low, high)
        return high - low + 1 + 2 * radius  # the first convolution

    return max(side(pixel) for pixel in range(2**config.pooling))
