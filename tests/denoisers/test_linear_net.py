"""A trained affine denoiser is exactly affine, and finds what theory says the class gives."""

import numpy as np
import pytest
import torch
from exact_classes import agreement, along_a_line, samples, shaken, trained

from creativity.denoisers import build
from creativity.families.linear import Linear
from creativity.families.linear_net import LinearNet

SIGMAS = [0.05, 0.4, 3.0]


@pytest.mark.parametrize("sigma", SIGMAS)
def test_a_linear_net_is_affine_at_each_noise_level_and_another_map_at_another(images, sigma):
    denoiser = shaken(LinearNet(family="linear-net", width=80), images)
    values = along_a_line(denoiser, images, sigma, 5)
    assert values.diff(n=2, dim=0).abs().max() < 1e-12
    x, levels = images[:2].double(), torch.tensor([sigma, 2 * sigma], dtype=torch.float64)
    one, other = denoiser.net(x, torch.zeros(2)).diff(dim=0), denoiser.net(x, levels.log() / 4).diff(dim=0)
    assert torch.cosine_similarity(one.flatten(), other.flatten(), dim=0).abs() < 1 - 1e-4


@pytest.mark.long
def test_a_trained_linear_net_gives_the_samples_of_the_linear_law(images):
    """64 samples from the noise of the closed form, on the same grid."""
    law = samples(build(Linear(family="linear"), images))
    net = LinearNet(family="linear-net")
    r2, overall = agreement(samples(trained(net, images, steps=2000, batch_size=64, learning_rate=5e-3, ema=0.999)), law)
    print(f"r^2 of each sample: least {r2.min():.4f}, median {np.median(r2):.4f}; R^2 {overall:.4f}")
    assert r2.min() >= 0.99
    assert overall >= 0.99
    short, _ = agreement(samples(trained(net, images, steps=200)), law)
    assert np.median(short) < 0.97  # it is training that brings it there
