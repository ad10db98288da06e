"""Down a grid of noise levels with one of the samplers."""

import torch

from creativity.campaign.sections import Sampling
from creativity.sampling.noise import karras_levels
from creativity.sampling.trajectory import descend


def sigmas_of(steps, sigma_min=0.002, sigma_max=80.0, rho=7.0):
    """The noise levels as a tensor, float64 [steps + 1]."""
    return torch.from_numpy(karras_levels(steps, sigma_min, sigma_max, rho))


def end(denoise, x, sigmas, sampler="heun", **options):
    """Where x ends; options: of the section `sampling`."""
    for _, at in descend(denoise, x, sigmas, Sampling(count=8, sampler=sampler, **options), range(len(x))):
        x = at
    return x
