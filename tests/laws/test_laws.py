"""Every law that a family names is there, and says what the family's denoiser gives."""

import dataclasses

import numpy as np
import pytest
import torch
from descents import end
from lawful import SAMPLER_NAMES, grid_of

from creativity import laws
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.bottleneck import Bottleneck
from creativity.families.linear import Linear
from creativity.families.polynomial import Polynomial


@pytest.mark.parametrize("config", [Bayes(family="bayes"), Linear(family="linear")])
def test_every_law_that_a_family_names_is_there(config, images):
    for name in config.laws():
        assert laws.build(name, dataclasses.asdict(config), images, grid_of()).mean.shape == (64,)


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
@pytest.mark.parametrize(
    "config",
    [
        Polynomial(family="polynomial", degree=3),
        Bottleneck(family="bottleneck", dim=3, decoder="linear"),
        Bottleneck(family="bottleneck", dim=2, decoder="bayes"),
    ],
)
def test_every_sample_of_a_closed_form_is_the_one_that_the_law_of_its_class_gives(images, noise, config, sampler):
    grid, settings = grid_of(sampler, 20), dataclasses.asdict(config)
    (name,) = config.laws()
    denoiser = build(config, torch.from_numpy(images.reshape(-1, 1, 8, 8)))
    found = end(denoiser, torch.from_numpy(noise * 80).reshape(-1, 1, 8, 8), torch.from_numpy(grid.sigmas), sampler)
    assert np.abs(found.flatten(1).numpy() - laws.build(name, settings, images, grid).predict(noise)).max() < 1e-6
