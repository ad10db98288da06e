"""Networks that are exactly of a class, and how near they come to its law."""

import numpy as np
import torch
from descents import end, sigmas_of

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.sampling.noise import starting_noise
from creativity.training.fit import fit


def shaken(family, images):
    """The denoiser in float64 with no weight that is zero."""
    denoiser = build(family, images).double()
    random = torch.Generator().manual_seed(0)
    for parameter in denoiser.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape, generator=random, dtype=torch.float64)
    return denoiser


def along_a_line(denoiser, images, sigma, points):
    """D at equal steps along a line through image space: [points, d]."""
    steps = torch.linspace(-2, 2, points, dtype=torch.float64)[:, None, None, None]
    x = images[:1].double() + steps * images[1:2].double()
    return denoiser(x, torch.full((points,), sigma, dtype=torch.float64)).detach().flatten(1)


def samples(denoiser, count=64):
    start = torch.from_numpy(starting_noise(0, range(count), (1, 8, 8))) * 80
    return end(denoiser, start, sigmas_of(20)).flatten(1).double()


def trained(family, images, **changes):
    denoiser = build(family, images)
    config = Training(checkpoints=(1.0,), **changes)
    denoiser.load_state_dict(fit(denoiser, images, images, config, 0).checkpoints[config.steps])
    return denoiser


def agreement(samples, law):
    """r^2 over the pixels of each sample, and R^2 over all about the law's mean."""
    r = [np.corrcoef(a, b)[0, 1] for a, b in zip(samples, law, strict=True)]
    return np.square(r), 1 - float((samples - law).square().sum() / (law - law.mean(dim=0)).square().sum())
