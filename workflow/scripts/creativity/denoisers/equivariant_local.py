"""The family `equivariant-local`: the posterior mean of each pixel given the patch around it, but not the patch's position.

This is the equivariant local score machine (ELS) of Kamb & Ganguli (arXiv 2412.20292).
"""

from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor, nn

from creativity.denoisers.local import LocalScore
from creativity.denoisers.streaming import SoftmaxMean
from creativity.families.equivariant_local import EquivariantLocal
from creativity.tensors import Images, Sigma

ROWS = 2048  # patches of x in one matrix product
MAX_LOGITS = 2**19  # in memory at once, or those of one training image where these are more


def build(config: EquivariantLocal, images: Images) -> "EquivariantLocalScore":
    """The denoiser over all patches of these training images [n, c, h, w]."""
    return EquivariantLocalScore(images, config)


class EquivariantLocalScore(nn.Module):
    """D(x, sigma)[q] = sum_{i, p} w_ip y_i[p], w = softmax_{i, p}(-|patch_q(x) - patch_p(y_i)|^2 / (2 sigma^2)), for each pixel q.

    The border option decides which positions p are compared with q. broken: those whose patch is cut off by the image border as
    the patch of q is, so interior pixels with interior pixels, edge pixels along their edge, a corner with itself alone.
    circular: all positions, with patches that wrap around.

    |patch_q(x)|^2 cancels in the softmax: the logits are (patch_q(x) . patch_p(y_i) - |patch_p(y_i)|^2 / 2) / sigma^2.
    """

    def __init__(self, images: Images, config: EquivariantLocal, max_logits: int = MAX_LOGITS) -> None:
        super().__init__()
        self.receptive_field, self.border, self.max_logits = int(config.patch), config.border, max_logits
        self.local = LocalScore(
            images, self.receptive_field
        )  # holds the images, and denoises pixels with no other position to compare

    def forward(self, x: Images, sigma: Sigma) -> Images:
        denoised, centred, radius = self.local(x, sigma), x.double() - self.local.mean, self.receptive_field // 2
        spans = [cut(side, radius) if self.border == "broken" else [wrapped(side, radius)] for side in x.shape[2:]]
        for rows, columns in product(*spans):
            if rows.length * columns.length > 1:
                region = self.estimate(centred, sigma.double(), rows, columns, x.dtype)
                denoised[:, :, rows.places, columns.places] = (region + self.local.mean).to(x.dtype)
        return denoised

    def estimate(self, x: Images, sigma: Sigma, rows: "Span", columns: "Span", dtype: torch.dtype) -> Tensor:
        """The denoised pixels at these rows and columns, from the training patches at the same ones: [b, c, rows, columns]."""
        queries = self.patches(x, rows, columns)
        variance = sigma.square().repeat_interleave(rows.length * columns.length)
        queries = with_last(queries, torch.ones_like(variance)) / variance[:, None]
        pixels = []
        for part in queries.split(ROWS):
            mean = SoftmaxMean()
            for y in self.local.images.permute(2, 3, 0, 1).split(
                max(1, self.max_logits // (len(part) * rows.length * columns.length))
            ):
                keys = self.patches(y, rows, columns)
                values = y[:, :, rows.places, columns.places].flatten(2).transpose(1, 2).flatten(0, 1)
                mean.add(part @ with_last(keys, -keys.square().sum(dim=1) / 2).T, values.to(dtype))
            pixels.append(mean.result())
        return torch.cat(pixels).reshape(len(x), rows.length, columns.length, -1).permute(0, 3, 1, 2)

    def patches(self, images: Tensor, rows: "Span", columns: "Span") -> Tensor:
        """The patches around these pixels, without what lies beyond the border, image by image: [b, c, h, w] -> [b p, d]."""
        if self.border == "circular":
            images = nn.functional.pad(images, (self.receptive_field // 2,) * 4, mode="circular")
        covered = images[:, :, rows.covered, columns.covered]
        kernel = (covered.shape[2] - rows.length + 1, covered.shape[3] - columns.length + 1)
        return nn.functional.unfold(covered, kernel).transpose(1, 2).flatten(0, 1)


def with_last(matrix: Tensor, column: Tensor) -> Tensor:
    """The matrix [m, d] with one more column [m] at its right: [m, d + 1]."""
    return torch.cat([matrix, column[:, None]], dim=1)


class Span(NamedTuple):
    """Positions along one axis whose patches the border cuts off alike, and the positions that these patches cover."""

    places: slice
    covered: slice

    @property
    def length(self) -> int:
        return self.places.stop - self.places.start


def cut(side: int, radius: int) -> list[Span]:
    """The spans of an axis with ends: one for each position nearer than `radius` to an end, and one for all others together."""
    inner = range(radius, side - radius)
    border = [Span(slice(i, i + 1), slice(max(i - radius, 0), i + radius + 1)) for i in range(side) if i not in inner]
    return [*border, Span(slice(radius, side - radius), slice(0, side))] if inner else border


def wrapped(side: int, radius: int) -> Span:
    """The one span of an axis that wraps around, padded at both ends by `radius` pixels of the other end."""
    return Span(slice(0, side), slice(0, side + 2 * radius))
