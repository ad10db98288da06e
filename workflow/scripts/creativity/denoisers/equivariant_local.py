"""The family `equivariant-local`: the posterior mean of each pixel given the patch around it, but not the patch's position.

This is the equivariant local score machine (ELS) of Kamb & Ganguli (arXiv 2412.20292).
"""

from itertools import product
from typing import NamedTuple

import torch
from torch import Tensor, nn

from creativity.denoisers.local import LocalScore
from creativity.denoisers.streaming import SoftmaxMean, at_once, logit_type, windows
from creativity.families.equivariant_local import EquivariantLocal
from creativity.tensors import Images, Sigma

ADDITION = 10  # multiplications in a matrix product that take as long as one addition of two matrices
QUERIES = 512  # pixels in one matrix product, or those of one row of an image where these are more


def build(config: EquivariantLocal, images: Images) -> "EquivariantLocalScore":
    """The denoiser over all patches of these training images [n, c, h, w]."""
    return EquivariantLocalScore(images, config)


class EquivariantLocalScore(nn.Module):
    """D(x, sigma)[q] = sum_{i, p} w_ip y_i[p], w = softmax_{i, p}(-|patch_q(x) - patch_p(y_i)|^2 / (2 sigma^2)), for each pixel q.

    The border option decides which positions p are compared with q. broken: those whose patch is cut off by the image border as
    the patch of q is, so interior pixels with interior pixels, edge pixels along their edge, a corner with itself alone.
    circular: all positions, with patches that wrap around.

    |patch_q(x)|^2 cancels in the softmax: the logits are (patch_q(x) . patch_p(y_i) - |patch_p(y_i)|^2 / 2) / sigma^2. These
    products of patches are put together from products of strips, the columns of patches: a strip of x and one of y_i count in all
    pairs of patches that hold both at the same place. So the time grows with the side of the patch, rather than with its area.
    """

    def __init__(self, images: Images, config: EquivariantLocal, max_logits: int | None = None) -> None:
        super().__init__()
        self.receptive_field, self.border, self.max_logits = int(config.patch), config.border, max_logits
        self.local = LocalScore(
            images, self.receptive_field
        )  # holds the images, and denoises pixels with no other position to compare

    def forward(self, x: Images, sigma: Sigma) -> Images:
        denoised, centred, radius = self.local(x, sigma), x.double() - self.local.mean, self.receptive_field // 2
        spans = [cut(side, radius) if self.border == "broken" else [wrapped(side, radius)] for side in x.shape[2:]]
        dtypes = logit_type(x, sigma, x.shape[1] * self.receptive_field**2), x.dtype
        for rows, columns in product(*spans):
            if rows.length * columns.length > 1:
                region = self.estimate(centred, sigma.double(), rows, columns, *dtypes)
                denoised[:, :, rows.places, columns.places] = (region + self.local.mean).to(x.dtype)
        return denoised

    def estimate(
        self, x: Images, sigma: Sigma, rows: "Span", columns: "Span", of_logits: torch.dtype, of_values: torch.dtype
    ) -> Tensor:
        """The denoised pixels at these rows and columns, from the training patches at the same ones: [b, c, rows, columns]."""
        strips = self.strips(x, rows, columns)  # [b, rows, w, d]
        queries = with_last(strips, torch.ones_like(strips[..., 0])) / sigma.square()[:, None, None, None]
        width = queries.shape[2]
        parts = queries.flatten(0, 1).to(of_logits).split(max(1, QUERIES // width))
        means = [SoftmaxMean() for _ in parts]
        held = self.max_logits or at_once(x.device)
        for y in self.local.images.permute(3, 2, 0, 1).split(max(1, held // (parts[0][..., 0].numel() * width * rows.length))):
            strips = self.strips(y, rows, columns).permute(2, 0, 1, 3).flatten(1, 2)  # [w, n rows, d]
            keys = with_last(strips, -strips.square().sum(dim=2) / 2).flatten(0, 1).to(of_logits).T
            values = y[:, :, rows.places, columns.places].permute(3, 0, 2, 1).flatten(0, 2).to(of_values)
            for part, mean in zip(parts, means, strict=True):
                products = (part.flatten(0, 1) @ keys).unflatten(0, (-1, width)).unflatten(2, (width, -1))
                logits = windows(products, width - columns.length + 1, (1, 2))  # [rows of x, columns, columns of y, n rows]
                mean.add(logits.flatten(2).flatten(0, 1), values)
        pixels = torch.cat([mean.result() for mean in means])
        return pixels.reshape(len(x), rows.length, columns.length, -1).permute(0, 3, 1, 2)

    def strips(self, images: Tensor, rows: "Span", columns: "Span") -> Tensor:
        """The strips of the patches around these pixels: [n, c, h, w] -> [n, rows, w', d], w': the columns that patches cover.

        Where products of whole patches are the cheaper, one strip is the whole patch, and w' is the number of columns.
        """
        if self.border == "circular":
            images = nn.functional.pad(images, (self.receptive_field // 2,) * 4, mode="circular")
        covered = images[:, :, rows.covered, columns.covered]
        height, width = (side - span.length + 1 for side, span in zip(covered.shape[2:], (rows, columns), strict=True))
        strip = 1 if in_strips(images.shape[1] * height, width, columns.length) else width
        return nn.functional.unfold(covered, (height, strip)).unflatten(2, (rows.length, -1)).permute(0, 2, 3, 1)


def in_strips(numbers: int, width: int, length: int) -> bool:
    """Whether products of strips of so many numbers are cheaper than those of patches of so many strips, at `length` columns."""
    additions = 2 * (width.bit_length() - 1)
    return (length + width - 1) ** 2 * (numbers + additions * ADDITION) < length**2 * width * numbers


def with_last(matrix: Tensor, column: Tensor) -> Tensor:
    """Matrices [..., m, d] with one more column [..., m] at their right: [..., m, d + 1]."""
    return torch.cat([matrix, column[..., None]], dim=-1)


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
