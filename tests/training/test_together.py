"""Several trainings in common steps: the same as each alone, but for rounding."""

import numpy as np
import pytest
import torch
from operations import operations
from torch import nn

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.autoencoder import Autoencoder
from creativity.families.cnn import Cnn
from creativity.families.dit import Dit
from creativity.families.linear_net import LinearNet
from creativity.families.mlp import Mlp
from creativity.families.polynomial_net import PolynomialNet
from creativity.families.unet import Unet
from creativity.training import fit as fitting
from creativity.training.fit import fit, fit_together
from creativity.training.resume import Keeper
from creativity.training.together import InTurn, Together, batchable
from creativity.training.trainer import Trainer

SEEDS = (0, 1, 2)
CONFIG = Training(steps=24, batch_size=8, checkpoints=(0.5, 1.0), learning_rate=1e-3, clip=0.1)
FAMILIES = [
    Mlp(family="mlp", width=16, depth=2),
    Cnn(family="cnn", width=4, depth=1),
    Unet(family="unet", pooling=1, width=4, attention=(1,)),
    Dit(family="dit", patch=2, depth=1, width=8, heads=2, window=3),
    LinearNet(family="linear-net", width=8),
    PolynomialNet(family="polynomial-net", degree=2, width=8),
    Autoencoder(family="autoencoder", dim=3, width=16, depth=1),
]


@pytest.fixture(scope="module")
def images(faces):
    """Two trainings have the same images, one has others, of another number and spread."""
    first, other = torch.from_numpy(faces[:30]), torch.from_numpy(faces[60:80]) / 2
    return [first, first, other]


@pytest.fixture(scope="module")
def heldout(faces):
    first, other = torch.from_numpy(faces[30:60]), torch.from_numpy(faces[80:110]) / 2
    return [first, first, other]


def of_all(family, images):
    return [build(family, each, seed) for each, seed in zip(images, SEEDS, strict=True)]


def alone(family, images, heldout, i):
    return fit(build(family, images[i], SEEDS[i]), images[i], heldout[i], CONFIG, SEEDS[i])


@pytest.fixture
def batched(monkeypatch):
    """Common steps for convolutions, too, as on a GPU."""
    monkeypatch.setattr(fitting, "several", lambda trainers, images: Together(trainers))


@pytest.mark.usefixtures("batched")
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_trainings_in_common_steps_end_as_each_does_alone(family, images, heldout):
    each = [alone(family, images, heldout, i) for i in range(3)]
    together = fit_together(of_all(family, images), images, heldout, CONFIG, SEEDS)
    clipped = 0
    for one, other in zip(each, together, strict=True):
        assert one.status == other.status == "trained"
        assert list(one.checkpoints) == list(other.checkpoints) == [12, 24]
        for step, weights in one.checkpoints.items():
            for name, value in weights.items():
                scale = max(float(value.abs().max()), 1e-3)
                assert (other.checkpoints[step][name] - value).abs().max() < 1e-3 * scale, name
        for key in ("loss", "grad_norm", "learning_rate", "images_seen"):
            a, b = ([getattr(row, key) for row in found.history] for found in (one, other))
            np.testing.assert_allclose(b, a, rtol=1e-3)
        np.testing.assert_allclose([x.loss for x in other.losses], [x.loss for x in one.losses], rtol=1e-3)
        clipped += any(row.grad_norm > CONFIG.clip for row in one.history)
    assert clipped  # or the norm of each trainer would not be tested
    weights = [found.checkpoints[24] for found in together]
    assert any(not torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_a_trainers_own_weights_are_views_of_the_common_ones(images):
    trainers = [Trainer(net, CONFIG, seed) for net, seed in zip(of_all(FAMILIES[0], images), SEEDS, strict=True)]
    group = Together(trainers)
    group.step(images)
    for i, trainer in enumerate(trainers):
        for p, mine in zip(trainer.denoiser.parameters(), group.weights, strict=True):
            assert torch.equal(p, mine[i])
            assert p.data_ptr() == mine[i].data_ptr()
            assert float(trainer.optimiser.state[p]["step"]) == 1


def test_one_that_diverges_does_not_stop_the_others(images, heldout):
    nets = of_all(FAMILIES[0], images)
    with torch.no_grad():
        next(iter(nets[1].parameters())).fill_(torch.nan)
    found = fit_together(nets, images, heldout, CONFIG, SEEDS)
    assert [each.status for each in found] == ["trained", "diverged", "trained"]
    last = alone(FAMILIES[0], images, heldout, 2).history[-1]
    assert found[2].history[-1].loss == pytest.approx(last.loss, rel=1e-3)
    assert found[1].losses == []


def test_convolutions_are_trained_in_turn_on_a_processor(images):
    kinds = {}
    for family in FAMILIES:
        trainers = [Trainer(net, CONFIG, seed) for net, seed in zip(of_all(family, images), SEEDS, strict=True)]
        kinds[family.family] = type(fitting.several(trainers, images[0]))
    assert {name for name, kind in kinds.items() if kind is InTurn} == {"cnn", "unet"}
    assert set(kinds.values()) == {InTurn, Together}


@pytest.mark.usefixtures("batched")
@pytest.mark.parametrize("stop", [5, 12, 17])
def test_an_interrupted_group_goes_on_and_ends_with_the_same_bytes(stop, images, heldout, tmp_path):
    family = FAMILIES[2]
    whole = fit_together(of_all(family, images), images, heldout, CONFIG, SEEDS)
    path = tmp_path / "state.safetensors"

    class EndedError(Exception):
        pass

    class Ends(Keeper):
        def after_step(self, training):
            if training.steps == stop:
                self.save(training)
                raise EndedError

    with pytest.raises(EndedError):
        fit_together(of_all(family, images), images, heldout, CONFIG, SEEDS, keeper=Ends(path, "key"))
    resumed = fit_together(of_all(family, images), images, heldout, CONFIG, SEEDS, keeper=Keeper(path, "key"))
    for one, other in zip(whole, resumed, strict=True):
        assert one.losses == other.losses
        assert [row[:2] + row[3:] for row in one.history] == [row[:2] + row[3:] for row in other.history]
        for step, weights in one.checkpoints.items():
            assert all(torch.equal(value, other.checkpoints[step][name]) for name, value in weights.items())


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_a_common_step_does_not_wait_for_the_device(family, images):
    training = Together([Trainer(denoiser, CONFIG, seed) for denoiser, seed in zip(of_all(family, images), SEEDS, strict=True)])
    training.step(images)
    first, second = operations(training.step, images), operations(training.step, images)
    assert first.waits == []
    assert first.found == second.found
    assert any(name == "_fused_adam_" for name, _ in first.found)


class Own(nn.Module):
    """A user's network, with one part more."""

    def __init__(self, part):
        super().__init__()
        self.first, self.part, self.last = nn.Conv2d(1, 4, 3, padding=1), part, nn.Conv2d(4, 1, 3, padding=1)

    def forward(self, x, c_noise):
        return self.last(self.part(self.first(x))) + c_noise[:, None, None, None]


class Branching(nn.Module):
    """Its way depends on values, which vmap cannot follow."""

    def forward(self, x):
        return x if x.sum() > 0 else -x


def frozen():
    return nn.Conv2d(4, 4, 1).requires_grad_(False)


PARTS = {"statistics": lambda: nn.BatchNorm2d(4), "branches": Branching, "frozen": frozen}


def own(part, images, seed):
    torch.manual_seed(seed)
    return Preconditioned(Own(part()), sigma_data(images)).eval()


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_networks_of_the_project_are_batched(family, images):
    assert batchable(build(family, images[0]), images[0])


@pytest.mark.parametrize("part", PARTS)
def test_a_network_that_cannot_be_batched_is_trained_in_turn_to_the_same_bytes_as_alone(part, images, heldout):
    assert not batchable(own(PARTS[part], images[0], 0), images[0])
    assert all(batchable(own(batched, images[0], 0), images[0]) for batched in (nn.SiLU, nn.Dropout))
    config = Training(steps=8, batch_size=4, checkpoints=(1.0,))
    each = [fit(own(PARTS[part], images[i], i), images[i], heldout[i], config, SEEDS[i]) for i in range(2)]
    both = fit_together([own(PARTS[part], images[i], i) for i in range(2)], images[:2], heldout[:2], config, SEEDS[:2])
    for alone_one, in_turn in zip(each, both, strict=True):
        assert alone_one.checkpoints[8].keys() == in_turn.checkpoints[8].keys()
        assert all(torch.equal(value, in_turn.checkpoints[8][name]) for name, value in alone_one.checkpoints[8].items())
        assert alone_one.losses == in_turn.losses


def test_networks_in_turn_are_saved_and_restored(images):
    def trainers():
        return [Trainer(own(PARTS["statistics"], images[i], i).eval(), CONFIG, SEEDS[i]) for i in range(2)]

    whole, first, second = (InTurn(trainers()) for _ in range(3))
    for number in range(6):
        whole.step(images[:2])
        if number < 3:
            first.step(images[:2])
    second.load(*first.state())
    while second.steps < 6:
        second.step(images[:2])
    tensors, others = whole.state()[0], second.state()[0]
    assert tensors.keys() == others.keys()
    assert all(torch.equal(value, others[name]) for name, value in tensors.items())
