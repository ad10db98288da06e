"""Drawing samples: all denoisers start from the same noise, and neither the batch nor the number of samples changes one of them."""

import torch
from torch import Tensor

from creativity.campaign.sections import Sampling
from creativity.sampling.trajectory import BLOCK, beginning, descend, karras_sigmas
from creativity.tensors import Denoiser, Images


def draw(
    denoise: Denoiser, shape: tuple[int, ...], config: Sampling, device: torch.device | str = "cpu", steps: int | None = None
) -> Images:
    """`config.count` samples [count, *shape] on the CPU, from the noise that config.seed gives.

    Every call of the denoiser sees exactly BLOCK images, the last ones being noise nobody asked for, so that neither
    the count nor config.batch_size changes a sample. steps: overrides config.steps.
    """
    sigmas = karras_sigmas(config, steps)
    drawn = torch.empty(config.count, *shape)
    blocks = -(-config.count // BLOCK)
    together = max(config.batch_size // BLOCK, 1)
    for first in range(0, blocks, together):
        numbers = [range(BLOCK * i, BLOCK * (i + 1)) for i in range(first, min(first + together, blocks))]
        x = beginning(config, range(numbers[0].start, numbers[-1].stop), shape).to(device)
        ends = [end(denoise, block, sigmas, config, own) for block, own in zip(x.split(BLOCK), numbers, strict=True)]
        part = drawn[numbers[0].start : numbers[-1].stop]
        part.copy_(torch.cat(ends)[: len(part)])
    return drawn


def end(denoise: Denoiser, x: Images, sigmas: Tensor, config: Sampling, samples: range) -> Images:
    """Where x ends, without keeping what lies between."""
    for _, at in descend(denoise, x, sigmas, config, samples):
        x = at
    return x


def finite(images: Tensor) -> Tensor:
    """Which images have no NaN and no infinity: bool [b].

    >>> finite(torch.tensor([[[[0.0]]], [[[float("nan")]]]])).tolist()
    [True, False]
    """
    return images.flatten(1).isfinite().all(dim=1)
