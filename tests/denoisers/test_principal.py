"""Mean, principal directions and variances of a set of images."""

import numpy as np
import pytest
import torch

from creativity.denoisers.principal import principal


def test_the_mean_and_the_covariance_are_numpys(images):
    found, rows = principal(images), images.flatten(1).double().numpy()
    assert found.mean.numpy() == pytest.approx(rows.mean(axis=0))
    assert found.directions.shape == (39, 64)
    covariance = found.directions.T * found.variances @ found.directions
    assert covariance.numpy() == pytest.approx(np.cov(rows.T, bias=True), abs=1e-12)
    assert torch.allclose(found.directions @ found.directions.T, torch.eye(39, dtype=torch.float64), atol=1e-10)
    assert (found.variances.diff() <= 0).all()


def test_weights_count_images_as_repetitions_do(images):
    counts = torch.tensor([3, 1, 2, 4])
    few = images[:4]
    repeated = principal(few.repeat_interleave(counts, dim=0))
    weighted = principal(few, counts.double() / counts.sum())
    assert torch.allclose(weighted.mean, repeated.mean)
    assert torch.allclose(weighted.variances, repeated.variances)
    assert torch.allclose((weighted.directions * repeated.directions).sum(dim=1).abs(), torch.ones(3, dtype=torch.float64))


def test_directions_without_variance_are_left_out(images):
    assert len(principal(images[:5].repeat(3, 1, 1, 1)).variances) == 4
