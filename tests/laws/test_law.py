"""What laws are made of: the samplers written a second time, principal directions, noise of their own."""

import numpy as np
import pytest
import torch
from lawful import SAMPLER_NAMES, grid_of, sampled

from creativity.laws.law import Grid, flow, principal, unit_noise
from creativity.neighbours.vectors import ESCAPED, held
from creativity.sampling.noise import starting_noise


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
@pytest.mark.parametrize("steps", [2, 3, 12])
def test_the_flow_ends_where_the_real_sampler_ends(noise, sampler, steps):
    """With a denoiser that is not linear: the posterior mean of -1 and 1 in each number."""
    grid = grid_of(sampler, steps)
    found = flow(lambda x, i: np.tanh(x / grid.sigmas[i] ** 2), noise * 80, grid)
    expected = sampled(lambda x, sigma: torch.tanh(x / sigma**2), noise, grid)
    assert np.abs(found - expected).max() < 1e-8


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_a_grid_may_end_before_zero(noise, sampler):
    whole = grid_of(sampler, 8)

    def denoise(x, i):
        return np.tanh(x / whole.sigmas[i] ** 2)

    before = flow(denoise, noise * 80, Grid(whole.sigmas[:-1], sampler))
    assert np.abs(denoise(before, 7) - flow(denoise, noise * 80, whole)).max() < 1e-9


def test_a_row_that_escapes_or_is_not_finite_is_not_held():
    rows = np.array([[0.0, 1.0], [np.nan, 0.0], [0.0, -np.inf], [2 * ESCAPED, 0.0], [0.0, -0.5 * ESCAPED]])
    assert held(rows).tolist() == [True, False, False, False, True]


def test_principal_directions_give_the_covariance_and_are_at_most_one_less_than_the_images(images):
    mean, directions, variances = principal(images)
    assert directions.shape == (39, 64)
    assert directions @ directions.T == pytest.approx(np.eye(39))
    assert directions.T * variances @ directions == pytest.approx(np.cov(images.T, bias=True))
    assert (np.diff(variances) <= 0).all()
    assert mean == pytest.approx(images.mean(axis=0))


def test_no_campaign_starts_from_the_noise_of_independent_draws():
    assert np.abs(unit_noise(7, 3, 4) - starting_noise(7, range(3), (4,))).min() > 0
    assert unit_noise(7, 9, 4)[:3] == pytest.approx(unit_noise(7, 3, 4))
