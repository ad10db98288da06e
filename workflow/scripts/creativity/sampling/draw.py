"""Draws samples from a denoiser by the sampler that a campaign names.

All denoisers start from the same noise. Neither the batch size nor the number of samples changes a sample.
"""

import torch
from torch import Tensor

from creativity.campaign.sections import Sampling
from creativity.sampling.trajectory import BLOCK, beginning, descend, karras_sigmas
from creativity.tensors import Denoiser, Images


def draw(
    denoise: Denoiser, shape: tuple[int, ...], sampling: Sampling, device: torch.device | str = "cpu", steps: int | None = None
) -> Images:
    """`sampling.count` samples [count, *shape] on the CPU, from the starting noise of `sampling.seed`.

    Every call of the denoiser gets exactly BLOCK images, the last block being filled up with further noise, so that neither
    `sampling.count` nor `sampling.batch_size` changes a sample. steps: overrides `sampling.steps`.
    """
    sigmas = karras_sigmas(sampling, steps)
    samples = torch.empty(sampling.count, *shape)
    block_count = -(-sampling.count // BLOCK)
    blocks_at_once = max(sampling.batch_size // BLOCK, 1)
    for first in range(0, block_count, blocks_at_once):
        numbers = [range(BLOCK * i, BLOCK * (i + 1)) for i in range(first, min(first + blocks_at_once, block_count))]
        x = beginning(sampling, range(numbers[0].start, numbers[-1].stop), shape).to(device)
        ends = [end(denoise, block, sigmas, sampling, own) for block, own in zip(x.split(BLOCK), numbers, strict=True)]
        batch = samples[numbers[0].start : numbers[-1].stop]
        batch.copy_(torch.cat(ends)[: len(batch)])
    return samples


def end(denoise: Denoiser, x: Images, sigmas: Tensor, sampling: Sampling, numbers: range) -> Images:
    """The samples to which the starting noise x leads. numbers: of these samples."""
    for _, x_at_level in descend(denoise, x, sigmas, sampling, numbers):
        x = x_at_level
    return x


def finite(images: Tensor) -> Tensor:
    """Which images [b, c, h, w] have neither NaN nor infinity: bool [b].

    >>> finite(torch.tensor([[[[0.0]]], [[[float("nan")]]]])).tolist()
    [True, False]
    """
    return images.flatten(1).isfinite().all(dim=1)
