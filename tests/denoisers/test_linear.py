import numpy as np
import pytest
import torch

from creativity.denoisers import build
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
def test_linear_is_the_wiener_filter(images, sigma):
    x, s = noisy(images, sigma)
    y = images.flatten(1).numpy()
    mean, covariance = y.mean(axis=0), np.cov(y.T, bias=True)
    gain = np.linalg.solve(covariance + sigma**2 * np.eye(y.shape[1]), covariance).T
    expected = mean + (x.flatten(1).numpy() - mean) @ gain.T
    found = build(Linear(family="linear"), images)(x, s).flatten(1).numpy()
    assert np.abs(found - expected).max() < 1e-8


def test_linear_minimises_the_denoising_loss_over_affine_maps(images):
    sigma, random = 0.7, torch.Generator().manual_seed(1)
    y = images.repeat(2000, 1, 1, 1)
    x = y + sigma * torch.randn(y.shape, generator=random, dtype=y.dtype)
    denoiser = build(Linear(family="linear"), images)
    ones = torch.cat([x.flatten(1), torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    fitted = ones @ torch.linalg.lstsq(ones, y.flatten(1)).solution
    best = (fitted - y.flatten(1)).square().mean()
    found = (denoiser(x, torch.full((len(x),), sigma, dtype=x.dtype)) - y).square().mean()
    assert found == pytest.approx(best.item(), rel=5e-3)
