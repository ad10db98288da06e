from itertools import pairwise

import numpy as np
import pytest
import torch
from operations import operations

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.linear import Linear
from creativity.families.mlp import Mlp
from creativity.sampling.draw import BLOCK, draw, euler, finite, heun, karras_sigmas
from creativity.sampling.noise import starting_noise


def test_noise_depends_on_seed_shape_and_number_alone():
    whole = starting_noise(3, range(10), (1, 4, 4))
    assert np.array_equal(whole[7:9], starting_noise(3, range(7, 9), (1, 4, 4)))
    assert not np.array_equal(whole, starting_noise(4, range(10), (1, 4, 4)))
    large = starting_noise(0, range(400), (1, 16, 16))
    assert abs(large.mean()) < 0.01
    assert large.std() == pytest.approx(1, abs=0.01)
    assert np.abs(np.corrcoef(large.reshape(400, -1)[:20]) - np.eye(20)).max() < 0.3


def test_the_schedule_is_that_of_karras():
    sigmas = karras_sigmas(18, 0.002, 80.0, 7.0).numpy()
    expected = [(80 ** (1 / 7) + i / 17 * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7 for i in range(18)] + [0]
    assert np.allclose(sigmas, expected, rtol=1e-12)


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


def test_bayes_samples_are_training_images(images):
    drawn = draw(build(Bayes(family="bayes"), images), (1, 8, 8), Sampling(count=64, steps=20))
    distances = torch.cdist(drawn.flatten(1).double(), images.flatten(1).double()).min(dim=1).values
    assert (distances < 1e-3).float().mean() >= 0.95


@pytest.mark.parametrize("batch_size", [1, 32, 64, 1000])
def test_samples_do_not_depend_on_the_batch_size_or_the_count(images, batch_size):
    denoiser = build(Mlp(family="mlp", width=32), images, seed=1)
    denoiser.net.last.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    whole = draw(denoiser, (1, 8, 8), Sampling(count=100, steps=4, batch_size=256))
    part = draw(denoiser, (1, 8, 8), Sampling(count=41, steps=4, batch_size=batch_size))
    assert torch.equal(part, whole[:41])


def test_a_denoiser_always_sees_whole_blocks(images):
    seen = []

    def denoise(x, sigma):
        seen.append(tuple(x.shape))
        return x * 0

    draw(denoise, (1, 8, 8), Sampling(count=70, steps=3, batch_size=40))
    assert set(seen) == {(BLOCK, 1, 8, 8)}
    assert len(seen) == 3 * 5  # three blocks; Heun: two calls a step but for the last


def test_samples_that_are_not_finite_are_marked():
    x = torch.zeros(3, 1, 2, 2)
    x[1, 0, 0, 1], x[2, 0, 1, 1] = torch.nan, torch.inf
    assert finite(x).tolist() == [True, False, False]


@pytest.mark.parametrize("sampler", [euler, heun])
def test_a_sampler_waits_for_nothing_and_each_step_asks_the_same(images, sampler):
    net = build(Mlp(family="mlp", width=16, depth=1), images)
    x, sigmas = torch.randn(BLOCK, 1, 8, 8), karras_sigmas(4, 0.01, 10.0, 7.0)
    short, middle, long = (operations(sampler, net, x, sigmas[-n:]) for n in (3, 4, 5))
    assert short.waits == middle.waits == long.waits == []
    assert len(long.found) - len(middle.found) == len(middle.found) - len(short.found) > 10
