"""Samplers of the probability-flow equation: free functions over (denoise, x, sigmas), ending at an appended sigma = 0."""

from collections.abc import Callable

import torch
from torch import Tensor

from creativity.config import Sampling
from creativity.noise import karras_levels, starting_noise
from creativity.tensors import Denoiser, Images, Sigmas

BLOCK = 32  # a denoiser is always called on this many images: matrix products change in the last digit with their size


def karras_sigmas(steps: int, sigma_min: float, sigma_max: float, rho: float) -> Sigmas:
    """The noise levels of `karras_levels` as a tensor: float64 [steps + 1]."""
    return torch.from_numpy(karras_levels(steps, sigma_min, sigma_max, rho))


@torch.inference_mode()
def euler(denoise: Denoiser, x: Images, sigmas: Sigmas) -> Images:
    """Solves dx / dsigma = (x - D(x, sigma)) / sigma by one slope a step."""
    for sigma, following in zip(sigmas[:-1].tolist(), sigmas[1:].tolist(), strict=True):
        x = x + (following - sigma) * slope(denoise, x, sigma)
    return x


@torch.inference_mode()
def heun(denoise: Denoiser, x: Images, sigmas: Sigmas) -> Images:
    """The same by the mean of two slopes a step; the last step, to sigma = 0, is Euler's (Karras et al. 2022, algorithm 1)."""
    for sigma, following in zip(sigmas[:-1].tolist(), sigmas[1:].tolist(), strict=True):
        step = following - sigma
        first = slope(denoise, x, sigma)
        end = x + step * first
        x = x + step * (first + slope(denoise, end, following)) / 2 if following else end
    return x


def slope(denoise: Denoiser, x: Images, sigma: float) -> Images:
    return (x - denoise(x, x.new_full((len(x),), sigma))) / sigma


SAMPLERS: dict[str, Callable[[Denoiser, Images, Sigmas], Images]] = {"heun": heun, "euler": euler}


def draw(
    denoise: Denoiser, shape: tuple[int, ...], config: Sampling, device: torch.device | str = "cpu", steps: int | None = None
) -> Images:
    """`config.count` samples [count, *shape] on the CPU, from the noise that config.seed gives.

    Every call of the denoiser sees exactly BLOCK images, the last ones being noise nobody asked for, so that neither
    the count nor config.batch_size changes a sample. `steps` overrides config.steps.
    """
    sigmas = karras_sigmas(steps or config.steps, config.sigma_min, config.sigma_max, config.rho)
    drawn = torch.empty(config.count, *shape)
    blocks = -(-config.count // BLOCK)
    together = max(config.batch_size // BLOCK, 1)
    for first in range(0, blocks, together):
        last = min(first + together, blocks)
        eps = starting_noise(config.seed, range(first * BLOCK, last * BLOCK), shape)
        x = (torch.from_numpy(eps) * config.sigma_max).to(device)
        part = drawn[first * BLOCK : last * BLOCK]
        part.copy_(torch.cat([SAMPLERS[config.sampler](denoise, block, sigmas) for block in x.split(BLOCK)])[: len(part)])
    return drawn


def finite(images: Tensor) -> Tensor:
    """Which images have no NaN and no infinity: bool [b]."""
    return images.flatten(1).isfinite().all(dim=1)
