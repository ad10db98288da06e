"""Follows samples down the noise levels, from the starting noise to the sample.

x is the noisy image at a level sigma; a denoiser D(x, sigma) says in which direction it goes on.
"""

from collections.abc import Iterator

import torch

from creativity.campaign.sections import Sampling
from creativity.sampling.noise import karras_levels, starting_noise, step_noise
from creativity.sampling.samplers import At, sampler
from creativity.tensors import Denoiser, Images, Sigmas
from creativity.types import Grid

BLOCK = 32  # a denoiser always gets this many images, since the rounding of a matrix product depends on its size


def karras_sigmas(sampling: Sampling, steps: int | None = None) -> Sigmas:
    """The noise levels of `karras_levels` as a tensor: float64 [steps + 1]. steps: overrides `sampling.steps`."""
    return torch.from_numpy(karras_levels(steps or sampling.steps, sampling.sigma_min, sampling.sigma_max, sampling.rho))


def descend(denoise: Denoiser, x: Images, sigmas: Sigmas, sampling: Sampling, numbers: range) -> Iterator[tuple[float, Images]]:
    """(sigma, x) at every noise level, from the starting noise x down to sigma = 0, where x is the sample. numbers: of samples."""
    step, memory, levels = sampler(sampling.sampler), None, sigmas.tolist()

    def fresh(number: int) -> Images:
        return torch.from_numpy(step_noise(sampling.seed, numbers, tuple(x.shape[1:]), number)).to(x.device)

    for number, sigma in enumerate(levels[:-1], start=1):
        yield sigma, x
        at = At(sigma, levels[number], len(levels) - 1, sampling, lambda number=number: fresh(number))  # type: ignore[misc]
        with torch.inference_mode():
            x, memory = step(denoise, x, at, memory)
    yield 0.0, x


def beginning(sampling: Sampling, numbers: range, shape: tuple[int, ...], seed: int | None = None) -> Images:
    """The x at sigma_max of these samples [len(numbers), *shape], on the CPU: sigma_max times `starting_noise`.

    seed: overrides `sampling.seed`.
    """
    return torch.from_numpy(starting_noise(sampling.seed if seed is None else seed, numbers, shape)) * sampling.sigma_max


def trajectory(
    denoise: Denoiser, shape: tuple[int, ...], sampling: Sampling, device: torch.device | str = "cpu", seed: int | None = None
) -> Iterator[tuple[float, Images]]:
    """(sigma, x) at every noise level above 0 for the first BLOCK samples: exactly the x that `draw` passes through.

    seed: overrides `sampling.seed` for the starting noise.
    """
    x = beginning(sampling, range(BLOCK), shape, seed).to(device)
    for sigma, x_at_level in descend(denoise, x, karras_sigmas(sampling), sampling, range(BLOCK)):
        if sigma:
            yield sigma, x_at_level


def jacobian_energy(denoise: Denoiser, x: Images, sigma: float) -> Grid:
    """How strongly the centre pixel of D(x, sigma) depends on each pixel of x: the sum over channels of (dD / dx)^2, [b, h, w].

    The centre pixel is that of row h // 2 and column w // 2.
    """
    x = x.clone().requires_grad_()
    row, column = x.shape[2] // 2, x.shape[3] // 2
    centre = denoise(x, x.new_full((len(x),), sigma))[:, :, row, column].sum(dim=0)
    gradients = (torch.autograd.grad(value, x, retain_graph=True)[0] for value in centre)
    return torch.stack([gradient.cpu().double().square().sum(dim=1) for gradient in gradients]).sum(dim=0).numpy()
