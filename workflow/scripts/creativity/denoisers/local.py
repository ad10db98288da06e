"""The family `local`: the posterior mean of each pixel given the patch around it and the patch's position.

This is the local score machine (LS) of Kamb & Ganguli (arXiv 2412.20292).
"""

import torch
from torch import Tensor, nn

from creativity.denoisers.streaming import SoftmaxMean
from creativity.families.local import Local
from creativity.tensors import Images, Sigma

MAX_LOGITS = 2**18  # in memory at once: these fit a processor's cache


def build(config: Local, images: Images) -> "LocalScore":
    """The denoiser over the patches of these training images [n, c, h, w]."""
    return LocalScore(images, int(config.patch))


class LocalScore(nn.Module):
    """D(x, sigma)[q] = sum_i w_i y_i[q], w = softmax_i(-|patch_q(x) - patch_q(y_i)|^2 / (2 sigma^2)), for each pixel q.

    Beyond the border both patches are 0. With patch >= 2 side - 1 a patch holds the whole image, and D is the posterior mean.

    |patch_q(x)|^2 cancels in the softmax: the logits are box(x y_i - y_i^2 / 2) / sigma^2, where box sums over the patch around
    each pixel, by one matrix product along the columns and one along the rows.
    """

    images: Tensor  # [h, w, n, c]
    mean: Tensor  # [c, 1, 1]: the mean of each channel, subtracted since float64 is more precise near 0

    def __init__(self, images: Images, patch: int, max_logits: int = MAX_LOGITS) -> None:
        super().__init__()
        self.receptive_field, self.max_logits = patch, max_logits
        self.register_buffer("mean", images.double().mean(dim=(0, 2, 3))[:, None, None])
        self.register_buffer("images", (images.double() - self.mean).permute(2, 3, 0, 1).contiguous())

    def forward(self, x: Images, sigma: Sigma) -> Images:
        centred, mean = (x.double() - self.mean).permute(2, 3, 0, 1), SoftmaxMean()
        for y in self.images.split(max(1, self.max_logits // x[:, 0].numel()), dim=2):
            logits = self.box(centred @ y.mT) - self.box(y.square().sum(dim=3) / 2)[:, :, None]  # [h, w, b, n]
            mean.add(logits.div_(sigma.double().square()[:, None]), y.to(x.dtype))
        return (mean.result().permute(2, 3, 0, 1) + self.mean).to(x.dtype)

    def box(self, maps: Tensor) -> Tensor:
        """Sums over the patch around each pixel: [h, w, ...] -> [h, w, ...]."""
        down = torch.tensordot(self.band(len(maps)), maps, 1)
        return (self.band(maps.shape[1]) @ down.flatten(2)).reshape(maps.shape)

    def band(self, side: int) -> Tensor:
        """The matrix [side, side] of 1 where the column lies in the patch around the row, else 0."""
        place = torch.arange(side, device=self.mean.device)
        return ((place[:, None] - place).abs() <= self.receptive_field // 2).double()
