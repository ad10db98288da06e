import numpy as np
import pytest
import torch
from operations import operations
from torch import nn

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.precondition import Preconditioned, loss_weight
from creativity.families.cnn import Cnn
from creativity.families.linear import Linear
from creativity.families.mlp import Mlp
from creativity.families.unet import Unet
from creativity.training.trainer import BINS, Trainer, autocast, edm_loss, ema_decay, learning_rate, losses_by_sigma

NET = Mlp(family="mlp", width=64, depth=1)
SHORT = Training(steps=40, batch_size=8)


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


def test_half_of_the_training_images_are_shown_mirrored_where_that_is_asked(images):
    config = Training(steps=40, batch_size=400, flip=True)
    y, *_ = Trainer(build(NET, images), config, 0).batch(images)
    known = {image.numpy().tobytes() for image in images}
    as_they_are = [image.numpy().tobytes() in known for image in y]
    mirrored = [image.flip(2).contiguous().numpy().tobytes() in known for image in y]
    assert all(one != other for one, other in zip(as_they_are, mirrored, strict=True))
    assert 150 < sum(mirrored) < 250  # of 400; 5 standard deviations
    plain, *_ = Trainer(build(NET, images), Training(steps=40, batch_size=400), 0).batch(images)
    assert all(image.numpy().tobytes() in known for image in plain)


def test_adam_is_fused(images):
    trainer = Trainer(build(NET, images), SHORT, 0)
    names = [name for name, _ in operations(trainer.step, images).found]
    assert names.count("_fused_adam_") == 1


def test_the_cpu_trains_in_float32():
    assert not autocast(Training(steps=4), torch.device("cpu"))
    assert autocast(Training(steps=4, precision="bfloat16"), torch.device("cpu"))


class Tied(nn.Module):
    """One weight under two names, and a constant that is not part of the state."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Conv2d(1, 1, 3, padding=1), nn.Conv2d(1, 1, 3, padding=1)
        self.last.weight = self.first.weight
        self.register_buffer("constant", torch.ones(1), persistent=False)

    def forward(self, x, c_noise):
        return self.last(self.first(x)) * self.constant + c_noise[:, None, None, None]


def test_the_weights_of_any_network_can_be_loaded_again(images):
    """Those that are averaged under all their names, and no buffer that the state dict leaves out."""
    config = Training(steps=8, batch_size=4)
    trainer = Trainer(Preconditioned(Tied(), 0.5), config, 0)
    for _ in range(8):
        trainer.step(images)
    weights = trainer.weights()
    assert weights.keys() == {"net.first.weight", "net.first.bias", "net.last.weight", "net.last.bias", "sigma_data"}
    other = Preconditioned(Tied(), 0.5)
    other.load_state_dict(weights)
    assert torch.equal(other.net.last.weight, trainer.named_averages()["net.first.weight"])
    assert not torch.equal(other.net.last.weight, trainer.denoiser.net.last.weight)


def test_a_network_trains_in_training_mode_and_is_measured_in_evaluation_mode(images, monkeypatch):
    modes = []

    class Watched(Tied):
        def forward(self, x, c_noise):
            modes.append(self.training)
            return super().forward(x, c_noise)

    trainer = Trainer(Preconditioned(Watched(), 0.5).eval(), Training(steps=8, batch_size=4), 0)
    trainer.step(images)
    assert set(modes) == {True}
    modes.clear()
    losses_by_sigma(trainer, "train", images)
    assert set(modes) == {False}
    modes.clear()
    trainer.step(images)
    assert set(modes) == {True}
