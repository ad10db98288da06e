"""The equivariant local score machine: the posterior mean of each pixel, given the patch around it but not where it lies."""

from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor, nn

from creativity.denoisers.local import LocalScore
from creativity.denoisers.streaming import SoftmaxMean
from creativity.families.equivariant_local import EquivariantLocal
from creativity.tensors import Images, Sigma

ROWS = 2048  # patches of x compared at once
HELD = 2**19  # logits held at once, or as many as one training image gives


def build(config: EquivariantLocal, images: Images) -> "EquivariantLocalScore":
    """The denoiser that has seen the patches of these images."""
    return EquivariantLocalScore(images, config)


class EquivariantLocalScore(nn.Module):
    """D(x, sigma)[q] = sum_{i, p} w_ip y_i[p], w = softmax_{i, p}(-|patch_q(x) - patch_p(y_i)|^2 / (2 sigma^2)), for each pixel q.

    ELS of Kamb & Ganguli (arXiv 2412.20292). border broken: p runs over the places whose patch the border cuts as it cuts that of
    q: interior with interior, an edge along that edge, a corner alone. border circular: patches are wrapped and p runs
    over all places. The part of the logits that depends on (i, p) is (patch_q(x) . patch_p(y_i) - |patch_p(y_i)|^2 / 2) / sigma^2:
    a matrix product.
    """

    def __init__(self, images: Images, config: EquivariantLocal, held: int = HELD) -> None:
        super().__init__()
        self.receptive_field, self.border, self.held = int(config.patch), config.border, held
        self.local = LocalScore(images, self.receptive_field)  # it holds the images, and what is true where a place is alone

    def forward(self, x: Images, sigma: Sigma) -> Images:
        denoised, centred, radius = self.local(x, sigma), x.double() - self.local.mean, self.receptive_field // 2
        spans = [cut(side, radius) if self.border == "broken" else [wrapped(side, radius)] for side in x.shape[2:]]
        for rows, columns in product(*spans):
            if rows.length * columns.length > 1:
                found = self.estimate(centred, sigma.double(), rows, columns, x.dtype)
                denoised[:, :, rows.places, columns.places] = (found + self.local.mean).to(x.dtype)
        return denoised

    def estimate(self, x: Images, sigma: Sigma, rows: "Span", columns: "Span", dtype: torch.dtype) -> Tensor:
        """The denoised pixels in these places, from the training patches there: [b, c, rows, columns]."""
        queries = self.patches(x, rows, columns)
        variance = sigma.square().repeat_interleave(rows.length * columns.length)
        queries = with_last(queries, torch.ones_like(variance)) / variance[:, None]
        pixels = []
        for part in queries.split(ROWS):
            mean = SoftmaxMean()
            for y in self.local.images.permute(2, 3, 0, 1).split(max(1, self.held // (len(part) * rows.length * columns.length))):
                keys = self.patches(y, rows, columns)
                values = y[:, :, rows.places, columns.places].flatten(2).transpose(1, 2).flatten(0, 1)
                mean.add(part @ with_last(keys, -keys.square().sum(dim=1) / 2).T, values.to(dtype))
            pixels.append(mean.result())
        return torch.cat(pixels).reshape(len(x), rows.length, columns.length, -1).permute(0, 3, 1, 2)

    def patches(self, images: Tensor, rows: "Span", columns: "Span") -> Tensor:
        """What the border leaves of the patches around these places, image by image: [b, c, h, w] -> [b p, d]."""
        if self.border == "circular":
            images = nn.functional.pad(images, (self.receptive_field // 2,) * 4, mode="circular")
        seen = images[:, :, rows.seen, columns.seen]
        kernel = (seen.shape[2] - rows.length + 1, seen.shape[3] - columns.length + 1)
        return nn.functional.unfold(seen, kernel).transpose(1, 2).flatten(0, 1)


def with_last(matrix: Tensor, column: Tensor) -> Tensor:
    return torch.cat([matrix, column[:, None]], dim=1)


class Span(NamedTuple):
    """Places of a line whose patches are cut in the same way, and what these patches see of the line."""

    places: slice
    seen: slice

    @property
    def length(self) -> int:
        return self.places.stop - self.places.start


def cut(side: int, radius: int) -> list[Span]:
    """The spans of a line with ends: a place near an end is alone, all others are together."""
    inner = range(radius, side - radius)
    alone = [Span(slice(i, i + 1), slice(max(i - radius, 0), i + radius + 1)) for i in range(side) if i not in inner]
    return [*alone, Span(slice(radius, side - radius), slice(0, side))] if inner else alone


def wrapped(side: int, radius: int) -> Span:
    """The one span of a closed line, whose first and last `radius` places were repeated beyond its ends."""
    return Span(slice(0, side), slice(0, side + 2 * radius))
