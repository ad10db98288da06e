import math

import numpy as np
import torch

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.families.mlp import Mlp
from creativity.training.fit import fit
from creativity.training.trainer import BINS

NET = Mlp(family="mlp", width=64, depth=1)
SHORT = Training(steps=40, batch_size=8)


def test_training_lowers_the_loss_on_training_images_more_than_on_held_out_ones(images, heldout):
    result = fit(build(NET, images), images, heldout, Training(steps=600, batch_size=32, checkpoints=(0.01, 1.0)), 0)
    first, last = min(result.checkpoints), max(result.checkpoints)
    mean = {
        (s, split): np.mean([x.loss for x in result.losses if (x.step, x.split) == (s, split)])
        for s in (first, last)
        for split in ("train", "heldout")
    }
    assert result.status == "trained"
    assert mean[last, "train"] < 0.8 * mean[first, "train"]
    assert mean[last, "train"] < mean[last, "heldout"]


def test_the_same_seed_gives_the_same_weights_and_another_one_others(images, heldout):
    runs = [fit(build(NET, images, seed), images, heldout, SHORT, seed).checkpoints[40] for seed in (0, 0, 1)]
    assert all(torch.equal(runs[0][key], runs[1][key]) for key in runs[0])
    assert any(not torch.equal(runs[0][key], runs[2][key]) for key in runs[0])


def test_history_and_losses_are_complete(images, heldout):
    result = fit(build(NET, images), images, heldout, SHORT, 0)
    assert [row.step for row in result.history] == list(range(1, 41))
    assert [row.images_seen for row in result.history] == [8 * s for s in range(1, 41)]
    assert sorted(result.checkpoints) == [10, 20, 40]
    assert len(result.losses) == 3 * 2 * BINS
    seconds = [row.seconds for row in result.history]
    assert seconds == sorted(seconds)


def test_a_loss_that_is_not_finite_ends_the_training_as_diverged(images, heldout):
    wild = Training(steps=4000, batch_size=8, learning_rate=1e30, warmup=0.0)
    result = fit(build(NET, images), images, heldout, wild, 0)
    assert result.status == "diverged"
    assert result.history[-1].step < 4000
    assert not math.isfinite(result.history[-1].loss)
    assert len(result.checkpoints) == 1


def test_bfloat16_trains_too(images, heldout):
    result = fit(build(NET, images), images, heldout, Training(steps=8, batch_size=8, precision="bfloat16"), 0)
    assert result.status == "trained"
    assert all(value.dtype == torch.float32 for value in result.checkpoints[8].values())
