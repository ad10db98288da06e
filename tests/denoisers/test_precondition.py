import numpy as np
import pytest
import torch
from torch import nn

from creativity.denoisers import build
from creativity.denoisers.precondition import Preconditioned, loss_weight, scalings, sigma_data
from creativity.families.autoencoder import Autoencoder
from creativity.families.linear_net import LinearNet

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


def test_scalings_give_unit_variance():
    sigma = torch.tensor(SIGMAS, dtype=torch.float64)
    c_skip, c_out, c_in, c_noise = scalings(sigma, 0.4)
    assert torch.allclose(c_in**2 * (0.4**2 + sigma**2), torch.ones(5, dtype=torch.float64))
    target = (1 - c_skip) ** 2 * 0.4**2 + c_skip**2 * sigma**2  # variance of y - c_skip x
    assert torch.allclose(target, c_out**2)
    assert torch.allclose(loss_weight(sigma, 0.4) * c_out**2, torch.ones(5, dtype=torch.float64))
    assert torch.allclose(c_noise, sigma.log() / 4)


def test_sigma_data_is_the_pixels_standard_deviation(images):
    assert sigma_data(images) == pytest.approx(np.std(images.numpy()))


def test_sigma_is_never_broadcast_along_the_width():
    net = Preconditioned(nn.Identity(), 0.5)
    net.net.forward = lambda x, c: torch.zeros_like(x)  # D = c_skip x
    sigma = torch.tensor([0.1, 1.0, 10.0])
    out = net(torch.ones(3, 1, 3, 3), sigma)
    assert torch.allclose(out[:, 0, 0, 0], 0.25 / (sigma**2 + 0.25))
    assert torch.allclose(out, out[:, :1, :1, :1].expand_as(out))


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
