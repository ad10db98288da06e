"""Dropout: nothing is left out but in a step of training, and there it is a function of seed and step."""

import pytest
import torch
from torch import nn

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.dropout import dropout, trains_otherwise
from creativity.families.cnn import Cnn
from creativity.families.mlp import Mlp
from creativity.families.unet import Unet
from creativity.training.fit import fit_together
from creativity.training.trainer import Trainer

FAMILIES = [
    Mlp(family="mlp", width=64, depth=1, dropout=0.4),
    Cnn(family="cnn", width=8, depth=2, dropout=0.4),
    Unet(family="unet", pooling=1, width=8, dropout=0.4),
]
CONFIG = Training(steps=4, batch_size=8, checkpoints=(1.0,))


def trained(family, images, seed=0, steps=3):
    trainer = Trainer(build(family, images, 0), CONFIG, seed)
    for _ in range(steps):
        trainer.step(images)
    return trainer


def test_where_nothing_is_dropped_there_is_no_layer():
    assert isinstance(dropout(0.0), nn.Identity)
    assert not trains_otherwise(nn.Sequential(dropout(0.0)))
    assert trains_otherwise(nn.Sequential(dropout(0.1)))
    assert trains_otherwise(nn.Sequential(nn.BatchNorm2d(3)))
    assert trains_otherwise(OfAUser())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_a_denoiser_leaves_nothing_out_before_and_after_its_training(family, images):
    denoiser = trained(family, images).denoiser
    x, sigma = images[:5], torch.full((5,), 0.5)
    assert torch.equal(denoiser(x, sigma), denoiser(x, sigma))
    denoiser.train()
    assert not torch.equal(denoiser(x, sigma), denoiser(x, sigma))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_what_is_left_out_depends_on_seed_and_step_alone(family, images):
    state = torch.random.get_rng_state()
    first = trained(family, images).weights()
    torch.manual_seed(5)
    again = trained(family, images).weights()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert torch.equal(torch.random.get_rng_state(), torch.manual_seed(5).get_state())
    torch.random.set_rng_state(state)
    one, other = trained(family, images, steps=0), trained(family, images, steps=0)
    other.steps = 1
    x, sigma = images[:5], torch.full((5,), 0.5)
    outputs = []
    for trainer in (one, one, other):
        with trainer.dropping():
            outputs.append(hidden(trainer.denoiser)(x, sigma))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def hidden(denoiser):
    """With a last layer that is not zero, so that what is left out is seen."""
    nn.init.ones_(denoiser.net.last.weight)
    for block in denoiser.net.modules():
        if hasattr(block, "conv2"):
            nn.init.ones_(block.conv2.weight)
    return denoiser


def test_the_share_is_what_is_left_out_and_the_rest_is_scaled_up(images):
    trainer = trained(FAMILIES[0], images, steps=0)
    with trainer.dropping():
        left = trainer.denoiser.net.drop(torch.ones(100_000))
    assert float((left == 0).float().mean()) == pytest.approx(0.4, abs=0.01)
    assert left[left > 0].unique().tolist() == pytest.approx([1 / 0.6])


def test_trainings_in_common_steps_drop_apart_and_the_same_each_time(images):
    family = FAMILIES[0]

    def weights():
        denoisers = [build(family, images, 0) for _ in range(2)]
        return [fit.checkpoints[4] for fit in fit_together(denoisers, [images] * 2, [images] * 2, CONFIG, [0, 0])]

    (one, other), again = weights(), weights()
    assert all(torch.equal(one[name], again[0][name]) for name in one)
    assert any(not torch.equal(one[name], other[name]) for name in one)


class OfAUser(nn.Module):
    """A layer of which nothing is known."""
