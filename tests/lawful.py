"""Grids of noise levels, and samples that the real samplers draw in float64."""

import torch
from descents import end, sigmas_of

from creativity.campaign.layout import SAMPLERS_WITH_LAWS
from creativity.laws.law import Grid

SAMPLER_NAMES = SAMPLERS_WITH_LAWS


def grid_of(sampler="heun", steps=12):
    return Grid(sigmas_of(steps).numpy(), sampler)


def sampled(denoise, noise, grid):
    """What the real sampler makes of unit noise [n, d] with a denoiser of rows."""

    def four_axes(x, sigma):
        return denoise(x.flatten(1), float(sigma[0])).reshape(x.shape)

    x = torch.from_numpy(noise * grid.sigmas[0])[:, None, None]
    return end(four_axes, x, torch.from_numpy(grid.sigmas), grid.sampler).flatten(1).numpy()
