import numpy as np
import pytest
import torch
from lawful import SAMPLER_NAMES, grid_of, sampled

from creativity.laws import bottleneck


def conditional(codes, images):
    """E[y | W x] by softmax over brute-force distances; W takes the first coordinates."""
    codes, images = torch.from_numpy(codes), torch.from_numpy(images)

    def denoise(x, sigma):
        distances = (x[:, None, : codes.shape[1]] - codes).square().sum(dim=2)
        return torch.softmax(-distances / (2 * sigma**2), dim=1) @ images

    return denoise


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_a_bottleneck_of_two_numbers_gives_the_training_image_that_its_two_numbers_flow_to(images, noise, sampler):
    grid, encoder = grid_of(sampler, 20), np.eye(64)[:2]
    law = bottleneck.projected(encoder, images, grid)
    found = sampled(conditional(images[:, :2], images), noise, grid)
    assert np.abs(found - law.predict(noise)).max() < 1e-6
    assert (np.linalg.norm(found[:, None] - images, axis=2).min(axis=1) < 1e-3).mean() >= 0.95


def test_images_with_one_projection_are_merged_into_their_mean(images):
    images[1, :2] = images[0, :2]
    codes, means, shares = bottleneck.conditional_means(np.eye(64)[:2], images)
    merged = shares == 2 / 40
    assert merged.sum() == 1
    assert means[merged][0] == pytest.approx(images[:2].mean(axis=0))
    assert codes[merged][0] == pytest.approx(images[0, :2])
    assert sorted(shares) == [1 / 40] * 38 + [2 / 40]


def test_a_gaussian_behind_a_bottleneck_has_the_covariance_of_its_conditional_mean(rng):
    root = rng.standard_normal((4, 4))
    covariance, mean = root @ root.T, rng.standard_normal(4)
    encoder = np.linalg.qr(rng.standard_normal((4, 2)))[0].T
    gain = torch.from_numpy(covariance @ encoder.T)
    inner, middle = torch.from_numpy(encoder @ covariance @ encoder.T), torch.from_numpy(mean)
    w = torch.from_numpy(encoder)

    def denoise(x, sigma):  # E[y | W x]: regression of y on W x
        return middle + (x - middle) @ w.T @ torch.linalg.inv(inner + sigma**2 * torch.eye(2)) @ gain.T

    start = np.concatenate([np.zeros((1, 4)), np.eye(4)])
    x0, *moved = sampled(denoise, start, grid_of("heun", 400))
    jacobian = np.stack(moved) - x0
    found_mean, found = bottleneck.gaussian(encoder, mean, covariance)
    assert found_mean == pytest.approx(mean)
    assert np.linalg.matrix_rank(found, tol=1e-9) == 2
    assert jacobian.T @ jacobian == pytest.approx(found, abs=0.01 * np.trace(covariance))
