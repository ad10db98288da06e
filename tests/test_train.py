import math

import numpy as np
import pytest
import torch
from operations import operations

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.precondition import loss_weight
from creativity.denoisers.state import load_state, save_state
from creativity.families.cnn import Cnn
from creativity.families.linear import Linear
from creativity.families.mlp import Mlp
from creativity.families.unet import Unet
from creativity.measures.losses import expected_loss
from creativity.training.fit import fit
from creativity.training.trainer import BINS, Trainer, autocast, edm_loss, ema_decay, learning_rate, losses_by_sigma

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


def test_the_learning_rate_rises_and_falls():
    config = Training(steps=1000, learning_rate=0.1, warmup=0.1)
    rates = [learning_rate(s, config) for s in range(1, 1001)]
    assert rates[0] == pytest.approx(0.001)
    assert max(rates) == rates[99] == pytest.approx(0.1)
    assert rates[549] == pytest.approx(0.05)
    assert rates[-1] == pytest.approx(0, abs=1e-9)


def test_a_short_average_is_not_mostly_its_first_weights():
    config = Training(steps=10000, ema=0.999)
    weight_of_first = np.prod([ema_decay(s, config) for s in range(1, 101)])
    assert weight_of_first < 1e-6
    assert ema_decay(10**6, config) == 0.999
    assert ema_decay(5, Training(steps=10, ema=0.0)) == 0


def test_the_average_follows_its_formula(images):
    trainer = Trainer(build(NET, images), SHORT, 0)
    expected = [p.detach().clone() for p in trainer.denoiser.parameters()]
    for step in range(1, 6):
        trainer.step(images)
        decay = ema_decay(step, SHORT)
        expected = [decay * a + (1 - decay) * p.detach() for a, p in zip(expected, trainer.denoiser.parameters(), strict=True)]
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(expected, trainer.averaged, strict=True))


def test_the_loss_of_a_denoiser_in_closed_form_is_what_theory_says(images):
    """lambda(sigma) tr(Sigma - Sigma (Sigma + sigma^2)^-1 Sigma) / d for the linear denoiser on its own training set."""
    denoiser, sigma = build(Linear(family="linear"), images), 0.5
    y = images.repeat(200, 1, 1, 1)
    eps = torch.randn(y.shape, generator=torch.Generator().manual_seed(0))
    s = torch.full((len(y),), sigma)
    found = edm_loss(denoiser, loss_weight(s, 0.4), y, s, eps).mean()
    variances = denoiser.variances
    error = (variances * sigma**2 / (variances + sigma**2)).sum() / 64
    assert found.item() == pytest.approx((error * (sigma**2 + 0.4**2) / (sigma * 0.4) ** 2).item(), rel=0.02)


def test_a_net_that_gives_zero_has_a_loss_of_about_one(images):
    centred = images - images.mean()
    trainer = Trainer(build(NET, centred), SHORT, 0)
    for parameter in trainer.averaged:
        parameter.zero_()
    values = [x.loss for x in losses_by_sigma(trainer, "train", centred)]
    assert values == pytest.approx([1.0] * BINS, abs=0.15)


def test_the_expected_loss_weighs_bins_by_their_share_of_training(images):
    config = Training(steps=4)
    edges = np.exp(np.linspace(-4.8, 2.4, 11))
    draws = np.exp(np.random.default_rng(0).normal(-1.2, 1.2, 400_000))
    draws = draws[(draws > edges[0]) & (draws < edges[-1])]
    loss = np.arange(10.0)
    brute = loss[np.searchsorted(edges, draws) - 1].mean()
    assert expected_loss(edges[:-1], edges[1:], loss, config) == pytest.approx(brute, rel=5e-3)


def test_no_step_waits_for_the_device(images, monkeypatch):
    """.item(), .tolist() and float() of a tensor wait for a GPU: they may happen only where a row of the history is due."""
    trainer = Trainer(build(Unet(family="unet", pooling=1, width=4), images), SHORT, 0)
    trainer.step(images)  # Adam's first step makes its state

    def wait(self, *args):
        raise AssertionError("a step waits for the device")

    for name in ("item", "tolist", "__float__", "__bool__", "__int__", "numpy", "cpu"):
        monkeypatch.setattr(torch.Tensor, name, wait)
    for _ in range(3):
        trainer.step(images)
    assert trainer.steps == 4


@pytest.mark.parametrize("net", [NET, Cnn(family="cnn", width=4, depth=1), Unet(family="unet", pooling=1, width=4, attention=(1,))])
def test_every_step_asks_the_same_of_the_device_and_waits_for_nothing(net, images):
    """The same operations on the same shapes, as a CUDA graph needs, and none whose result the host must know."""
    trainer = Trainer(build(net, images), SHORT, 0)
    trainer.step(images)  # Adam's first step makes its state
    first, second = operations(trainer.step, images), operations(trainer.step, images)
    assert len(first.found) > 50
    assert first.found == second.found
    assert first.waits == []
    assert operations(lambda: images.sum().item()).waits == ["_local_scalar_dense"]


def test_adam_is_fused(images):
    trainer = Trainer(build(NET, images), SHORT, 0)
    names = [name for name, _ in operations(trainer.step, images).found]
    assert names.count("_fused_adam_") == 1


def test_the_cpu_trains_in_float32():
    assert not autocast(Training(steps=4), torch.device("cpu"))
    assert autocast(Training(steps=4, precision="bfloat16"), torch.device("cpu"))


def test_bfloat16_trains_too(images, heldout):
    result = fit(build(NET, images), images, heldout, Training(steps=8, batch_size=8, precision="bfloat16"), 0)
    assert result.status == "trained"
    assert all(value.dtype == torch.float32 for value in result.checkpoints[8].values())


def test_weights_survive_the_disk_and_the_file_is_always_the_same(images, tmp_path):
    weights = Trainer(build(NET, images), SHORT, 0).weights()
    for i in range(5):
        save_state(tmp_path / f"{i}.safetensors", weights, {"b": 1, "a": {"d": None, "c": [1, 2]}})
    assert len({(tmp_path / f"{i}.safetensors").read_bytes() for i in range(5)}) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{i}.safetensors" for i in range(5)]
    again = load_state(tmp_path / "0.safetensors")
    assert all(torch.equal(weights[key], again[key]) for key in weights)
    build(NET, images).load_state_dict(again)
