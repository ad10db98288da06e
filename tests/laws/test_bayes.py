import numpy as np
import pytest
import torch
from descents import end
from lawful import SAMPLER_NAMES, grid_of
from scipy.stats import kstest

from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.laws import bayes


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_every_sample_of_the_posterior_mean_is_the_one_its_noise_must_give(images, noise, sampler):
    grid = grid_of(sampler, 20)
    denoiser = build(Bayes(family="bayes"), torch.from_numpy(images.reshape(-1, 1, 8, 8)))
    found = end(denoiser, torch.from_numpy(noise * 80).reshape(-1, 1, 8, 8), torch.from_numpy(grid.sigmas), sampler)
    assert np.abs(found.flatten(1).numpy() - bayes.law({}, images, grid).predict(noise)).max() < 1e-6


def test_counts_of_uniform_draws_fit_the_law_and_those_of_a_collapsed_set_do_not(images):
    law = bayes.law({}, images, grid_of())
    assert law.shares == pytest.approx(np.full(40, 1 / 40))
    fits = [bayes.multinomial_test(law.fresh(seed, 60), law.images, law.shares).p for seed in range(60)]
    assert kstest(fits, "uniform").pvalue > 0.01
    collapsed = bayes.multinomial_test(np.repeat(images[:10], 6, axis=0), law.images, law.shares)
    assert collapsed.p == 0.001
    assert collapsed.statistic == pytest.approx(10 * (6 - 1.5) ** 2 / 1.5 + 30 * 1.5)
