"""The samplers, a file each."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from operations import operations

from creativity.denoisers import build
from creativity.families.linear import Linear
from creativity.families.mlp import Mlp
from creativity.sampling.draw import BLOCK, euler, heun, karras_sigmas
from creativity.sampling.noise import starting_noise


def law(images, start, sigmas, second_order):
    """What the sampler must give with the linear denoiser, mode by mode, on this very grid."""
    y = images.flatten(1).double().numpy()
    mean = y.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(y.T, bias=True))
    variances = variances.clip(0)
    factor = np.ones_like(variances)
    for s, t in pairwise(sigmas):
        g, h = s / (variances + s**2), t - s
        if t == 0:
            factor *= variances / (variances + s**2)
        elif second_order:
            factor *= 1 + h / 2 * (g + t / (variances + t**2) * (1 + h * g))
        else:
            factor *= 1 + h * g
    modes = (start.flatten(1).numpy() - mean) @ directions
    return mean + (modes * factor) @ directions.T


@pytest.mark.parametrize(("sampler", "second_order"), [(heun, True), (euler, False)])
def test_samples_of_the_linear_denoiser_follow_their_law_on_the_finite_grid(images, sampler, second_order):
    sigmas = karras_sigmas(12, 0.002, 80.0, 7.0)
    start = torch.from_numpy(starting_noise(0, range(16), (1, 8, 8))).double() * 80
    found = sampler(build(Linear(family="linear"), images), start, sigmas).flatten(1).numpy()
    assert np.abs(found - law(images, start, sigmas.numpy(), second_order)).max() < 1e-6


def test_the_numbers_that_edm_grids_give_in_one_mode():
    class Mode:
        def __call__(self, x, sigma):
            return x * 0.25 / (0.25 + sigma[:, None, None, None] ** 2)

    found = {}
    for steps in (18, 256):
        sigmas = karras_sigmas(steps, 0.002, 80.0, 7.0)
        start = torch.full((1, 1, 1, 1), 80.0, dtype=torch.float64)
        for sampler in (euler, heun):
            found[sampler.__name__, steps] = sampler(Mode(), start, sigmas).item() ** 2 / 0.25
    exact = 80**2 / (0.25 + 80**2)
    assert found["euler", 18] == pytest.approx(0.716, abs=2e-3)
    assert found["heun", 18] == pytest.approx(1.114, abs=2e-3)
    assert found["euler", 256] == pytest.approx(0.978, abs=2e-3)
    assert found["heun", 256] == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize("sampler", [euler, heun])
def test_a_sampler_waits_for_nothing_and_each_step_asks_the_same(images, sampler):
    net = build(Mlp(family="mlp", width=16, depth=1), images)
    x, sigmas = torch.randn(BLOCK, 1, 8, 8), karras_sigmas(4, 0.01, 10.0, 7.0)
    short, middle, long = (operations(sampler, net, x, sigmas[-n:]) for n in (3, 4, 5))
    assert short.waits == middle.waits == long.waits == []
    assert len(long.found) - len(middle.found) == len(middle.found) - len(short.found) > 10
