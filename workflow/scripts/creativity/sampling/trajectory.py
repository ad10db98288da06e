"""The way of samples down the noise levels, of which a sample is the end."""

from collections.abc import Iterator

import torch

from creativity.campaign.sections import Sampling
from creativity.sampling.noise import karras_levels, starting_noise, step_noise
from creativity.sampling.samplers import At, sampler
from creativity.tensors import Denoiser, Images, Sigmas
from creativity.types import Grid

BLOCK = 32  # a denoiser is always called on this many images: matrix products change in the last digit with their size


def karras_sigmas(config: Sampling, steps: int | None = None) -> Sigmas:
    """The noise levels of `karras_levels` as a tensor: float64 [steps + 1]. steps: overrides config.steps."""
    return torch.from_numpy(karras_levels(steps or config.steps, config.sigma_min, config.sigma_max, config.rho))


def descend(denoise: Denoiser, x: Images, sigmas: Sigmas, config: Sampling, samples: range) -> Iterator[tuple[float, Images]]:
    """(sigma, x) at every level, from x as given down to sigma = 0, where x is the sample. samples: the numbers of these images."""
    step, memory, levels = sampler(config.sampler), None, sigmas.tolist()

    def fresh(number: int) -> Images:
        return torch.from_numpy(step_noise(config.seed, samples, tuple(x.shape[1:]), number)).to(x.device)

    for number, sigma in enumerate(levels[:-1], start=1):
        yield sigma, x
        at = At(sigma, levels[number], len(levels) - 1, config, lambda number=number: fresh(number))  # type: ignore[misc]
        with torch.inference_mode():
            x, memory = step(denoise, x, at, memory)
    yield 0.0, x


def beginning(config: Sampling, samples: range, shape: tuple[int, ...], seed: int | None = None) -> Images:
    """The noise that these samples start from, on the CPU. seed: overrides config.seed."""
    return torch.from_numpy(starting_noise(config.seed if seed is None else seed, samples, shape)) * config.sigma_max


def trajectory(
    denoise: Denoiser, shape: tuple[int, ...], config: Sampling, device: torch.device | str = "cpu", seed: int | None = None
) -> Iterator[tuple[float, Images]]:
    """(sigma, x) at every noise level but 0 for the first BLOCK samples: the very x that `draw` passes through.

    seed: overrides config.seed for the start.
    """
    x = beginning(config, range(BLOCK), shape, seed).to(device)
    for sigma, at in descend(denoise, x, karras_sigmas(config), config, range(BLOCK)):
        if sigma:
            yield sigma, at


def jacobian_energy(denoise: Denoiser, x: Images, sigma: float) -> Grid:
    """How strongly the centre pixel of D depends on each pixel of x: sum over channels of (dD / dx)^2, [b, h, w].

    The centre is at row h // 2, column w // 2.
    """
    x = x.clone().requires_grad_()
    row, column = x.shape[2] // 2, x.shape[3] // 2
    centre = denoise(x, x.new_full((len(x),), sigma))[:, :, row, column].sum(dim=0)
    gradients = (torch.autograd.grad(value, x, retain_graph=True)[0] for value in centre)
    return torch.stack([gradient.cpu().double().square().sum(dim=1) for gradient in gradients]).sum(dim=0).numpy()
