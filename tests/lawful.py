"""Grids of noise levels, and samples that the real samplers draw in float64."""

import torch

from creativity.laws.law import Grid
from creativity.sampling.draw import SAMPLERS, karras_sigmas

SAMPLER_NAMES = ("heun", "euler")


def grid_of(sampler="heun", steps=12):
    return Grid(karras_sigmas(steps, 0.002, 80.0, 7.0).numpy(), sampler)


def sampled(denoise, noise, grid):
    """What the real sampler makes of unit noise [n, d] with a denoiser of rows."""

    def four_axes(x, sigma):
        return denoise(x.flatten(1), float(sigma[0])).reshape(x.shape)

    x = torch.from_numpy(noise * grid.sigmas[0])[:, None, None]
    return SAMPLERS[grid.sampler](four_axes, x, torch.from_numpy(grid.sigmas)).flatten(1).numpy()
