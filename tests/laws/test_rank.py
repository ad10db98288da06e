import numpy as np
import pytest
import torch
from lawful import SAMPLER_NAMES, grid_of, sampled

from creativity.laws import rank, table


def rank_k(images, k):
    """The best affine denoiser of rank k, from a dense eigendecomposition."""
    values, vectors = np.linalg.eigh(np.cov(images.T, bias=True))
    top = torch.from_numpy(vectors[:, ::-1][:, :k].copy())
    variances, mean = torch.from_numpy(values[::-1][:k].copy()), torch.from_numpy(images.mean(axis=0))
    return lambda x, sigma: mean + (x - mean) @ top * (variances / (variances + sigma**2)) @ top.T


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_every_sample_of_rank_k_is_the_one_its_noise_must_give_and_flat_outside(images, noise, sampler):
    grid = grid_of(sampler)
    law = rank.law({"dim": 5}, images, grid)
    found = sampled(rank_k(images, 5), noise, grid)
    assert np.abs(found - law.predict(noise)).max() < 1e-6
    assert table.outside(law, found).value < 1e-20
