"""The family `local`: the posterior mean of each pixel given the patch around it and the patch's position.

This is the local score machine (LS) of Kamb & Ganguli (arXiv 2412.20292).
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from creativity.denoisers.streaming import SoftmaxMean, at_once, logit_type, windows
from creativity.families.local import Local
from creativity.tensors import Images, Sigma


def build(config: Local, images: Images) -> "LocalScore":
    """The denoiser over the patches of these training images [n, c, h, w]."""
    return LocalScore(images, int(config.patch))


class LocalScore(nn.Module):
    """D(x, sigma)[q] = sum_i w_i y_i[q], w = softmax_i(-|patch_q(x) - patch_q(y_i)|^2 / (2 sigma^2)), for each pixel q.

    Beyond the border both patches are 0. With patch >= 2 side - 1 a patch holds the whole image, and D is the posterior mean.

    |patch_q(x)|^2 cancels in the softmax: the logits are box(x y_i - y_i^2 / 2) / sigma^2, where box sums over the patch around
    each pixel. What stands in the brackets is a product of c + 1 numbers, the last of which is 1 for x and -|y_i[q]|^2 / 2 for
    y_i. Sums over rows are carried on from row to row: one row enters, another leaves. So the time does not depend on the patch,
    but for the logarithm in `windows`.
    """

    images: Tensor  # [h, w, c, n]
    factors: Tensor  # [h, w, c + 1, n]: the images, and their -|y_i[q]|^2 / 2
    mean: Tensor  # [c, 1, 1]: the mean of each channel, subtracted since logits are more precise near 0

    def __init__(self, images: Images, patch: int, max_logits: int | None = None) -> None:
        super().__init__()
        self.receptive_field, self.max_logits = patch, max_logits
        self.register_buffer("mean", images.double().mean(dim=(0, 2, 3))[:, None, None])
        y = (images.double() - self.mean).permute(2, 3, 1, 0)
        self.register_buffer("factors", torch.cat([y, -y.square().sum(dim=2, keepdim=True) / 2], dim=2), persistent=False)
        self.register_buffer("images", self.factors[:, :, :-1])  # shares its memory

    def forward(self, x: Images, sigma: Sigma) -> Images:
        radius, held = self.receptive_field // 2, self.max_logits or at_once(x.device)
        dtype = logit_type(x, sigma, x.shape[1] * self.receptive_field**2)
        centred = (x.double() - self.mean).permute(2, 3, 0, 1)
        scaled = torch.cat([centred, torch.ones_like(centred[..., :1])], dim=3) / sigma.double().square()[:, None]
        queries = nn.functional.pad(scaled, (0, 0, 0, 0, radius, radius)).to(dtype)
        means = [SoftmaxMean() for _ in centred]
        for part in self.factors.split(max(1, held // x[:, 0, 0].numel()), dim=3):
            keys = nn.functional.pad(part, (0, 0, 0, 0, radius, radius)).to(dtype)
            values = part[:, :, :-1].to(x.dtype, memory_format=torch.contiguous_format).mT
            for mean, logits, row in zip(means, self.logits(queries, keys), values, strict=True):
                mean.add(logits, row)
        return (torch.stack([mean.result() for mean in means]).permute(2, 3, 0, 1) + self.mean).to(x.dtype)

    def logits(self, queries: Tensor, keys: Tensor) -> Iterator[Tensor]:
        """The logits of each row of pixels, [w, b, n], from queries [h, w', b, c + 1] and keys [h, w', c + 1, n].

        The w' columns have as many zeros at both ends as a patch reaches beyond the border.
        """
        radius, side = self.receptive_field // 2, len(keys)
        column = queries.new_zeros(*queries.shape[1:3], keys.shape[3])  # sums over the rows of the patch
        for row in range(side + radius):
            if row < side:
                column.baddbmm_(queries[row], keys[row])
            if row > 2 * radius:
                column.baddbmm_(queries[row - 2 * radius - 1], keys[row - 2 * radius - 1], alpha=-1)
            if row >= radius:
                sums = windows(column, 2 * radius + 1, (0,))
                yield sums if radius else sums.clone()  # who takes them overwrites them
