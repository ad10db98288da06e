"""A trained bottleneck is exactly one, and finds what theory says the class gives."""

import numpy as np
import pytest
import torch
from exact_classes import agreement, along_a_line, samples, shaken, trained

from creativity.denoisers import build
from creativity.families.autoencoder import Autoencoder
from creativity.families.bottleneck import Bottleneck

SIGMAS = [0.05, 0.4, 3.0]


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("encoder", ["linear", "mlp"])
@pytest.mark.parametrize("decoder", ["linear", "mlp"])
def test_nothing_passes_by_the_bottleneck(images, encoder, decoder, sigma):
    denoiser = shaken(Autoencoder(family="autoencoder", dim=3, encoder=encoder, decoder=decoder, width=24, depth=2), images)
    s = torch.tensor([sigma], dtype=torch.float64)
    for image in images[:3].double():
        jacobian = torch.autograd.functional.jacobian(lambda x: denoiser(x[None], s)[0], image).reshape(64, 64)
        spectrum = torch.linalg.svdvals(jacobian)
        assert spectrum[3:].max() < 1e-12 * spectrum[0]
        assert spectrum[2] > 1e-6 * spectrum[0]


def test_an_autoencoder_keeps_the_shape_of_colour_images(rng):
    x = torch.from_numpy(rng.normal(size=(5, 3, 6, 6))).float()
    for part in ("linear", "mlp"):
        family = Autoencoder(family="autoencoder", dim=4, encoder=part, decoder=part, width=16, depth=1)
        assert build(family, x)(x, torch.linspace(0.1, 10, 5)).shape == x.shape


def test_a_linear_autoencoder_is_affine(images):
    family = Autoencoder(family="autoencoder", dim=3, encoder="linear", decoder="linear")
    assert along_a_line(shaken(family, images), images, 0.4, 5).diff(n=2, dim=0).abs().max() < 1e-12


@pytest.mark.long
def test_a_trained_linear_autoencoder_nears_the_law_of_its_closed_form(images):
    law = samples(build(Bottleneck(family="bottleneck", dim=4), images))
    net = Autoencoder(family="autoencoder", dim=4, encoder="linear", decoder="linear")
    r2, overall = agreement(samples(trained(net, images, steps=2000)), law)
    print(f"r^2 of each sample: least {r2.min():.4f}, median {np.median(r2):.4f}; R^2 {overall:.4f}")
    assert np.median(r2) >= 0.95
    assert overall >= 0.85
