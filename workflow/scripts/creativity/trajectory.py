"""What a denoiser does on its own way down the noise levels: who else would do the same there, and how far does a pixel see?"""

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from creativity import store
from creativity.config import Sampling
from creativity.measures import pairs
from creativity.noise import starting_noise
from creativity.precondition import scalings
from creativity.sample import BLOCK, SAMPLERS, karras_sigmas
from creativity.tensors import Denoiser, Images
from creativity.types import Grid

EXPLAINED = {"b": store.TEXT} | pairs.PAIR
EXPLAINED_ON = 16  # noises on which other denoisers are asked
LOOKED_AT = 8  # noises whose Jacobian is taken


def trajectory(
    denoise: Denoiser, shape: tuple[int, ...], config: Sampling, device: torch.device | str = "cpu", seed: int | None = None
) -> Iterator[tuple[float, Images]]:
    """(sigma, x) at every noise level but 0 for the first BLOCK samples: the very x from which they are drawn.

    `seed` overrides config.seed.
    """
    sigmas = karras_sigmas(config.steps, config.sigma_min, config.sigma_max, config.rho)
    x = (torch.from_numpy(starting_noise(config.seed if seed is None else seed, range(BLOCK), shape)) * config.sigma_max).to(device)
    for i in range(config.steps):
        yield float(sigmas[i]), x
        x = SAMPLERS[config.sampler](denoise, x, sigmas[i : i + 2])


def explain(own: Images, others: Mapping[str, Images], x: Images, sigma: float, spread: float) -> list[tuple]:
    """Rows of EXPLAINED: the denoised images of one denoiser beside those of others at the same x.

    All denoisers agree trivially where sigma is large (D is the mean) and small (D is x). network_*: the same of what a network
    must give, F = (D - c_skip x) / c_out, whose target has unit variance at every level (Karras et al. 2022). spread: sigma_data.
    """
    c_skip, c_out, _, _ = scalings(torch.tensor([sigma], dtype=torch.float64), spread)

    def network(denoised: Images) -> np.ndarray:
        return flat(denoised) * float(1 / c_out) - flat(x) * float(c_skip / c_out)

    rows = []
    for name, other in others.items():
        rows += [(name, *row) for row in pairs.compare(flat(own), flat(other), sigma)]
        rows += [(name, f"network_{row[0]}", *row[1:]) for row in pairs.compare(network(own), network(other), sigma)]
    return rows


def flat(images: Tensor) -> np.ndarray:
    return images.detach().cpu().flatten(1).double().numpy()


def jacobian_energy(denoise: Denoiser, x: Images, sigma: float) -> Grid:
    """How strongly the centre pixel of D depends on each pixel of x: sum over channels of (dD / dx)^2, [b, h, w].

    The centre is at row h // 2, column w // 2.
    """
    x = x.clone().requires_grad_()
    row, column = x.shape[2] // 2, x.shape[3] // 2
    centre = denoise(x, x.new_full((len(x),), sigma))[:, :, row, column].sum(dim=0)
    slopes = (torch.autograd.grad(value, x, retain_graph=True)[0] for value in centre)
    return torch.stack([slope.cpu().double().square().sum(dim=1) for slope in slopes]).sum(dim=0).numpy()
