"""Trained counterparts of the closed forms: each is exactly of its class, and finds what theory says the class gives."""

import numpy as np
import pytest
import torch

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.precondition import loss_weight
from creativity.families.autoencoder import Autoencoder
from creativity.families.bottleneck import Bottleneck
from creativity.families.linear import Linear
from creativity.families.linear_net import LinearNet
from creativity.families.polynomial_net import PolynomialNet
from creativity.sampling.draw import heun, karras_sigmas
from creativity.sampling.noise import starting_noise
from creativity.training.fit import fit

SIGMAS = [0.05, 0.4, 3.0]


def shaken(family, images):
    """The denoiser in float64 with no weight that is zero."""
    denoiser = build(family, images).double()
    random = torch.Generator().manual_seed(0)
    for parameter in denoiser.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape, generator=random, dtype=torch.float64)
    return denoiser


def along_a_line(denoiser, images, sigma, points):
    """D at equal steps along a line through image space: [points, d]."""
    steps = torch.linspace(-2, 2, points, dtype=torch.float64)[:, None, None, None]
    x = images[:1].double() + steps * images[1:2].double()
    return denoiser(x, torch.full((points,), sigma, dtype=torch.float64)).detach().flatten(1)


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_a_polynomial_net_is_a_polynomial_of_exactly_its_degree(images, degree, sigma):
    values = along_a_line(shaken(PolynomialNet(family="polynomial-net", degree=degree, width=24), images), images, sigma, 8)
    scale = values.abs().max()
    assert values.diff(n=degree + 1, dim=0).abs().max() < 1e-10 * scale
    assert values.diff(n=degree, dim=0).abs().max() > 1e-6 * scale


@pytest.mark.parametrize("sigma", SIGMAS)
def test_a_linear_net_is_affine_at_each_noise_level_and_another_map_at_another(images, sigma):
    denoiser = shaken(LinearNet(family="linear-net", width=80), images)
    values = along_a_line(denoiser, images, sigma, 5)
    assert values.diff(n=2, dim=0).abs().max() < 1e-12
    x, levels = images[:2].double(), torch.tensor([sigma, 2 * sigma], dtype=torch.float64)
    one, other = denoiser.net(x, torch.zeros(2)).diff(dim=0), denoiser.net(x, levels.log() / 4).diff(dim=0)
    assert torch.cosine_similarity(one.flatten(), other.flatten(), dim=0).abs() < 1 - 1e-4


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


def test_without_a_skip_path_the_target_has_unit_variance_at_all_levels(images):
    sigma = torch.tensor(SIGMAS)
    for family in (Autoencoder(family="autoencoder", dim=3), LinearNet(family="linear-net")):
        denoiser = build(family, images)
        c_skip, c_out, _, _ = denoiser.scalings(sigma)
        variance = ((1 - c_skip) * denoiser.sigma_data) ** 2 + (c_skip * sigma) ** 2  # of y - c_skip x, about the mean
        assert torch.allclose(variance, c_out**2)
        assert torch.allclose(denoiser.loss_weight(sigma), c_out**-2)
    assert torch.equal(denoiser.loss_weight(sigma), loss_weight(sigma, denoiser.sigma_data))


def test_without_a_skip_path_the_lowest_noise_levels_are_taken_for_one(images):
    denoiser = build(Autoencoder(family="autoencoder", dim=3), images)
    floor = float(denoiser.sigma_data) / 20
    c_noise = denoiser.scalings(torch.tensor([floor / 10, floor / 2, floor, 2 * floor])).c_noise
    assert c_noise[:3].tolist() == pytest.approx([np.log(floor) / 4] * 3, abs=1e-6)
    assert c_noise[3].item() == pytest.approx(np.log(2 * floor) / 4, abs=1e-6)


def samples(denoiser, count=64):
    start = torch.from_numpy(starting_noise(0, range(count), (1, 8, 8))) * 80
    return heun(denoiser, start, karras_sigmas(20, 0.002, 80.0, 7.0)).flatten(1).double()


def trained(family, images, **changes):
    denoiser = build(family, images)
    config = Training(checkpoints=(1.0,), **changes)
    denoiser.load_state_dict(fit(denoiser, images, images, config, 0).checkpoints[config.steps])
    return denoiser


def agreement(samples, law):
    """r^2 over the pixels of each sample, and R^2 over all about the law's mean."""
    r = [np.corrcoef(a, b)[0, 1] for a, b in zip(samples, law, strict=True)]
    return np.square(r), 1 - float((samples - law).square().sum() / (law - law.mean(dim=0)).square().sum())


@pytest.mark.long
def test_a_trained_linear_autoencoder_nears_the_law_of_its_closed_form(images):
    law = samples(build(Bottleneck(family="bottleneck", dim=4), images))
    net = Autoencoder(family="autoencoder", dim=4, encoder="linear", decoder="linear")
    r2, overall = agreement(samples(trained(net, images, steps=2000)), law)
    print(f"r^2 of each sample: least {r2.min():.4f}, median {np.median(r2):.4f}; R^2 {overall:.4f}")
    assert np.median(r2) >= 0.95
    assert overall >= 0.85


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
