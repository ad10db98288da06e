import numpy as np
import pytest
import torch

from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.linear import Linear

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


def noisy(images, sigma, count=6):
    random = torch.Generator().manual_seed(0)
    eps = torch.randn(count, *images.shape[1:], generator=random, dtype=images.dtype)
    return images[:count] + sigma * eps, torch.full((count,), sigma, dtype=images.dtype)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_bayes_is_the_posterior_mean(images, sigma):
    x, s = noisy(images, sigma)
    y, flat = images.flatten(1).numpy(), x.flatten(1).numpy()
    expected = []
    for row in flat:  # brute force: one softmax at a time, from exact differences
        exponent = -np.square(row - y).sum(axis=1) / (2 * sigma**2)
        weight = np.exp(exponent - exponent.max())
        expected.append(weight @ y / weight.sum())
    found = build(Bayes(family="bayes"), images)(x, s).flatten(1).numpy()
    assert np.abs(found - expected).max() < 1e-9


def test_bayes_and_linear_agree_with_a_single_image(images):
    one = images[:1].repeat(2, 1, 1, 1)
    x, s = noisy(images, 1.0)
    for family in (Bayes(family="bayes"), Linear(family="linear")):
        assert torch.allclose(build(family, one)(x, s), one[0].expand_as(x), atol=1e-12)
