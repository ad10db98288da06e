"""The law of affine denoisers against samples that the real samplers draw, in float64, with denoisers written apart from it."""

import numpy as np
import pytest
import torch
from descents import end
from lawful import SAMPLER_NAMES, grid_of

from creativity.denoisers import build
from creativity.families.linear import Linear
from creativity.laws import linear


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_every_linear_sample_is_the_one_its_noise_must_give(images, noise, sampler):
    grid = grid_of(sampler)
    denoiser = build(Linear(family="linear"), torch.from_numpy(images.reshape(-1, 1, 8, 8)))
    found = end(denoiser, torch.from_numpy(noise * 80).reshape(-1, 1, 8, 8), torch.from_numpy(grid.sigmas), sampler)
    assert np.abs(found.flatten(1).numpy() - linear.law({}, images, grid).predict(noise)).max() < 1e-6


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_mean_and_covariance_are_those_of_all_noises(images, sampler):
    law = linear.law({}, images, grid_of(sampler))
    basis = np.concatenate([np.zeros((1, 64)), np.eye(64)])
    x0, *moved = law.predict(basis)  # the law is affine in the noise: its covariance is the sum over the unit vectors
    jacobian = np.stack(moved) - x0
    assert np.abs(law.mean - x0).max() < 1e-9
    assert np.abs(jacobian.T @ jacobian - law.directions.T * law.variances @ law.directions).max() < 1e-9


def test_a_finer_grid_tends_to_the_exact_factor():
    variances = np.array([1e-3, 0.25, 4.0])
    exact = np.sqrt(variances / (variances + 80**2))
    for sampler, tolerance in (("euler", 0.03), ("heun", 2e-3)):
        assert linear.factors(variances, grid_of(sampler, 400)) == pytest.approx(exact, rel=tolerance)
    assert linear.factors(np.zeros(1), grid_of()) == 0
