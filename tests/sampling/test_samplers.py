"""The samplers, a file each: against recursions by hand in one Gaussian mode, a flow that is known, and one another."""

from itertools import pairwise
from math import expm1, log, sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
from descents import end, sigmas_of
from operations import operations

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.linear import Linear
from creativity.families.mlp import Mlp
from creativity.fields import modules_in
from creativity.sampling import samplers
from creativity.sampling.draw import draw
from creativity.sampling.noise import starting_noise, step_noise
from creativity.sampling.trajectory import BLOCK, descend

EVERY = modules_in(Path(samplers.__file__).parent)
VARIANCE = 0.25


def mode(x, sigma):
    """The best denoiser of N(0, 1/4) in every pixel."""
    return x * VARIANCE / (VARIANCE + sigma[:, None, None, None] ** 2)


def denoised(x, s):
    return x * VARIANCE / (VARIANCE + s**2)


def slope(x, s):
    return x * s / (VARIANCE + s**2)


def euler(x, sigmas):
    for s, t in pairwise(sigmas):
        x += (t - s) * slope(x, s)
    return x


def heun_step(x, s, t):
    straight = x + (t - s) * slope(x, s)
    return straight if t == 0 else x + (t - s) / 2 * (slope(x, s) + slope(straight, t))


def heun(x, sigmas):
    for s, t in pairwise(sigmas):
        x = heun_step(x, s, t)
    return x


def dpmpp_2m(x, sigmas):
    """Algorithm 2 of Lu et al. 2022 with t = -ln sigma and alpha = 1, as it stands there."""
    known = []
    for i, (s, t) in enumerate(pairwise(sigmas)):
        known.append(denoised(x, s))
        if t == 0:
            return known[-1]
        h = log(s) - log(t)
        if i == 0:
            x = t / s * x - expm1(-h) * known[0]
        else:
            r = (log(sigmas[i - 1]) - log(s)) / h
            x = t / s * x - expm1(-h) * ((1 + 1 / (2 * r)) * known[i] - 1 / (2 * r) * known[i - 1])
    return None


def heun_churn(x, sigmas, fresh, churn, low, high, scale):
    """Algorithm 2 of Karras et al. 2022."""
    for i, (s, t) in enumerate(pairwise(sigmas)):
        gamma = min(churn / (len(sigmas) - 1), sqrt(2) - 1) if low <= s <= high else 0
        raised = s + gamma * s
        x = heun_step(x + sqrt(raised**2 - s**2) * scale * fresh[i], raised, t)
    return x


def starts(count=BLOCK, seed=0):
    return torch.from_numpy(starting_noise(seed, range(count), (1, 1, 1))).double() * 80


BY_HAND = {"euler": euler, "heun": heun, "dpmpp-2m": dpmpp_2m}


@pytest.mark.parametrize("sampler", BY_HAND)
@pytest.mark.parametrize("steps", [2, 3, 12])
def test_a_sampler_is_its_recursion_by_hand(sampler, steps):
    x, sigmas = starts(), sigmas_of(steps)
    expected = [BY_HAND[sampler](float(each), sigmas.tolist()) for each in x.flatten()]
    assert end(mode, x, sigmas, sampler).flatten().numpy() == pytest.approx(np.array(expected), rel=1e-12)


def test_churn_is_its_recursion_by_hand_with_the_noise_of_each_sample_and_step():
    x, sigmas = starts(), sigmas_of(7)
    options = {"churn": 2.0, "churn_low": 0.01, "churn_high": 20.0, "churn_scale": 1.1}
    expected = []
    for i, each in enumerate(x.flatten()):
        fresh = [step_noise(5, range(i, i + 1), (1, 1, 1), number).item() for number in range(1, 8)]
        expected.append(heun_churn(float(each), sigmas.tolist(), fresh, *options.values()))
    found = end(mode, x, sigmas, "heun-churn", seed=5, **options)
    assert found.flatten().numpy() == pytest.approx(np.array(expected), abs=1e-6)  # the noise is scaled in float32
    assert not torch.equal(found, end(mode, x, sigmas, "heun-churn", seed=6, **options))


@pytest.mark.parametrize(("sampler", "order"), [("euler", 1), ("heun", 2), ("dpmpp-2m", 2)])
def test_the_error_falls_with_the_order_of_the_sampler(sampler, order):
    """x at sigma_min is known to be x sqrt((v + sigma_min^2) / (v + sigma_max^2)): halved steps halve the error `order` times."""
    x, errors = starts(1), []
    exact = float(x) * sqrt((VARIANCE + 0.002**2) / (VARIANCE + 80**2))
    for steps in (100, 200, 400):
        *_, before_last, _ = descend(mode, x, sigmas_of(steps), Sampling(count=8, sampler=sampler), range(1))
        assert before_last[0] == pytest.approx(0.002)
        errors.append(abs(float(before_last[1]) - exact))
    found = [log(coarse / fine, 2) for coarse, fine in pairwise(errors)]
    assert found == pytest.approx([order, order], abs=0.1)


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


@pytest.mark.parametrize(("sampler", "second_order"), [("heun", True), ("euler", False)])
def test_samples_of_the_linear_denoiser_follow_their_law_on_the_finite_grid(images, sampler, second_order):
    sigmas = sigmas_of(12)
    start = torch.from_numpy(starting_noise(0, range(16), (1, 8, 8))).double() * 80
    found = end(build(Linear(family="linear"), images), start, sigmas, sampler).flatten(1).numpy()
    assert np.abs(found - law(images, start, sigmas.numpy(), second_order)).max() < 1e-6


def test_the_numbers_that_edm_grids_give_in_one_mode():
    found = {}
    for steps in (18, 256):
        start = torch.full((1, 1, 1, 1), 80.0, dtype=torch.float64)
        for sampler in ("euler", "heun"):
            found[sampler, steps] = end(mode, start, sigmas_of(steps), sampler).item() ** 2 / 0.25
    exact = 80**2 / (0.25 + 80**2)
    assert found["euler", 18] == pytest.approx(0.716, abs=2e-3)
    assert found["heun", 18] == pytest.approx(1.114, abs=2e-3)
    assert found["euler", 256] == pytest.approx(0.978, abs=2e-3)
    assert found["heun", 256] == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize("options", [{"churn": 0.0}, {"churn_low": 90.0, "churn_high": 99.0}], ids=["no churn", "no level"])
def test_without_churn_it_is_heun(images, options):
    net = build(Mlp(family="mlp", width=16, depth=1), images)
    net.net.last.weight.data.normal_(std=0.1, generator=torch.Generator().manual_seed(0))
    x = torch.from_numpy(starting_noise(0, range(BLOCK), (1, 8, 8))) * 80
    one, other = end(net, x, sigmas_of(6), "heun"), end(net, x, sigmas_of(6), "heun-churn", **options)
    assert torch.equal(one, other)
    assert not torch.equal(one, end(net, x, sigmas_of(6), "heun-churn"))


def test_churned_samples_of_a_gaussian_have_its_variance():
    """2000 samples of N(0, 1/4): within four standard errors; the part that the finite grid is off by is known, and small."""
    count, steps, churn = 2000, 100, 20.0
    config = Sampling(count=count, steps=steps, sampler="heun-churn", churn=churn, churn_scale=1.0)
    variance = quiet = 80.0**2
    for s, t in pairwise(sigmas_of(steps).tolist()):
        raised = s * (1 + churn / steps) if 0.05 <= s <= 50 else s
        factor = heun_step(1.0, raised, t) ** 2
        variance, quiet = (variance + raised**2 - s**2) * factor, quiet * factor
    error = VARIANCE * sqrt(2 / count)
    assert variance == pytest.approx(VARIANCE, rel=0.02)
    assert quiet < VARIANCE - 10 * error  # raised levels without noise would be seen
    found = draw(mode, (1, 1, 1), config).flatten().double()
    assert abs(found.var().item() - VARIANCE) < 4 * error
    assert abs(found.mean().item()) < 4 * sqrt(VARIANCE / count)


@pytest.mark.parametrize("sampler", EVERY)
def test_every_sampler_ends_where_the_target_lies(sampler):
    """Two images, a posterior mean: every sample ends at one of them, each about as often as the other."""
    ends = draw(lambda x, sigma: torch.tanh(x / sigma[:, None, None, None] ** 2), (1, 1, 1), Sampling(count=400, sampler=sampler))
    assert ends.abs().flatten().numpy() == pytest.approx(np.ones(400), abs=1e-6)
    assert abs((ends > 0).float().mean().item() - 0.5) < 4 * 0.5 / sqrt(400)


@pytest.mark.parametrize("sampler", EVERY)
def test_a_sampler_waits_for_nothing_and_each_step_asks_the_same(images, sampler):
    net = build(Mlp(family="mlp", width=16, depth=1), images)
    x, sigmas = torch.randn(BLOCK, 1, 8, 8), sigmas_of(4, 0.01, 10.0)

    def descent(levels):
        return end(net, x, levels, sampler, churn_low=0.0)

    short, middle, long = (operations(descent, sigmas[-n:]) for n in (3, 4, 5))
    assert short.waits == middle.waits == long.waits == []
    assert len(long.found) - len(middle.found) == len(middle.found) - len(short.found) > 10


def test_samplers_are_found_by_their_names_and_each_is_tested_here():
    assert set(EVERY) == {*BY_HAND, "heun-churn"}
    assert {samplers.sampler(name).__module__.rpartition(".")[2] for name in EVERY} == {"euler", "heun", "dpmpp_2m", "heun_churn"}


def test_the_slope_is_that_of_the_probability_flow():
    x, sigma = starts(4), 0.7
    found = samplers.slope(mode, x, sigma)
    assert found.flatten().numpy() == pytest.approx(np.array([slope(float(each), sigma) for each in x.flatten()]))
