"""Denoisers that see a few numbers of the image: with any decoder they copy, with a linear one they stay in a plane."""

import numpy as np
import pytest
import torch
from descents import end, sigmas_of
from sklearn.decomposition import PCA

from creativity.denoisers import build
from creativity.families.bottleneck import Bottleneck
from creativity.families.linear import Linear
from creativity.sampling.noise import starting_noise

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


def bottleneck(dim, decoder):
    return Bottleneck(family="bottleneck", dim=dim, decoder=decoder)


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


def noisy(images, sigma, count=6):
    random = torch.Generator().manual_seed(0)
    x = images[:count] + sigma * torch.randn(count, *images.shape[1:], generator=random, dtype=images.dtype)
    return x, torch.full((count,), sigma, dtype=images.dtype)


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("dim", [1, 2, 5])
def test_the_free_decoder_is_the_mean_of_the_images_given_their_projection(images, sigma, dim):
    x, s = noisy(images, sigma)
    y = images.flatten(1).numpy()
    pca = PCA(dim).fit(y)
    expected = []
    for z in pca.transform(x.flatten(1).numpy()):  # brute force, from exact differences
        exponent = -np.square(z - pca.transform(y)).sum(axis=1) / (2 * sigma**2)
        weight = np.exp(exponent - exponent.max())
        expected.append(weight @ y / weight.sum())
    found = build(bottleneck(dim, "bayes"), images)(x, s).flatten(1).numpy()
    assert np.abs(found - expected).max() < 1e-8


@pytest.mark.parametrize("sigma", SIGMAS)
def test_the_linear_decoder_is_the_best_affine_map_of_that_rank(images, sigma):
    """The rank-k regression of y on x: the first k principal directions of the fitted values (reduced-rank regression)."""
    y = images.flatten(1).numpy()
    mean, covariance = y.mean(axis=0), np.cov(y.T, bias=True)
    noisy_covariance = covariance + sigma**2 * np.eye(len(covariance))
    full = np.linalg.solve(noisy_covariance, covariance).T
    _, directions = np.linalg.eigh(full @ noisy_covariance @ full.T)
    kept = directions[:, -4:]
    x, s = noisy(images, sigma)
    expected = mean + (x.flatten(1).numpy() - mean) @ (kept @ kept.T @ full).T
    found = build(bottleneck(4, "linear"), images)(x, s).flatten(1).numpy()
    assert np.abs(found - expected).max() < 1e-8


def test_all_directions_let_everything_through(images):
    x, s = noisy(images, 0.4)
    for dim in (29, 64):
        assert torch.equal(build(bottleneck(dim, "linear"), images)(x, s), build(Linear(family="linear"), images)(x, s))


def start(side, count=200):
    return torch.from_numpy(starting_noise(0, range(count), (1, side, side))).double() * 80


def test_samples_of_the_linear_decoder_have_no_energy_outside_its_dimensions(images):
    samples = end(build(bottleneck(3, "linear"), images), start(8), sigmas_of(20)).flatten(1).numpy()
    pca = PCA(3).fit(images.flatten(1).numpy())
    outside = samples - pca.inverse_transform(pca.transform(samples))
    assert np.square(outside).sum() < 1e-20 * np.square(samples - pca.mean_).sum()
    assert np.linalg.matrix_rank(samples - pca.mean_, tol=1e-6) == 3


def test_two_numbers_are_enough_to_copy(faces16):
    """At least 99.5 % of 1000 samples within 1e-3 of one of 100 faces of 16 x 16."""
    images = torch.from_numpy(faces16[np.random.default_rng(0).permutation(400)[:100]]).double()
    samples = end(build(bottleneck(2, "bayes"), images), start(16, 1000), sigmas_of(20))
    distances = torch.cdist(samples.flatten(1), images.flatten(1), compute_mode="donot_use_mm_for_euclid_dist")
    nearest, which = distances.min(dim=1)
    copies, of = int((nearest < 1e-3).sum()), len(which.unique())
    print(f"{copies} of {len(samples)} samples are copies, of {of} faces; median distance {nearest.median():.1e}")
    assert (nearest < 1e-3).double().mean() >= 0.995
    assert of >= 90
    dull = end(build(bottleneck(2, "linear"), images), start(16, 50), sigmas_of(20))
    assert torch.cdist(dull.flatten(1), images.flatten(1)).min() > 0.5
