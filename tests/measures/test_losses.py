import numpy as np
import pytest

from creativity.campaign.sections import Training
from creativity.measures.losses import expected_loss


def test_the_expected_loss_weighs_bins_by_their_share_of_training(images):
    config = Training(steps=4)
    edges = np.exp(np.linspace(-4.8, 2.4, 11))
    draws = np.exp(np.random.default_rng(0).normal(-1.2, 1.2, 400_000))
    draws = draws[(draws > edges[0]) & (draws < edges[-1])]
    loss = np.arange(10.0)
    brute = loss[np.searchsorted(edges, draws) - 1].mean()
    assert expected_loss(edges[:-1], edges[1:], loss, config) == pytest.approx(brute, rel=5e-3)
