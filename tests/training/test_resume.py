"""Interrupted trainings go on to the same bytes, and nothing but their own state is ever used."""

import os
import resource
import signal
from dataclasses import replace

import pytest
import torch

from creativity.campaign.sections import Training
from creativity.denoisers import build
from creativity.denoisers.state import load_state
from creativity.errors import UserError
from creativity.families.cnn import Cnn
from creativity.families.mlp import Mlp
from creativity.families.unet import Unet
from creativity.store import StoreError
from creativity.store.weights import read_facts
from creativity.training import resume
from creativity.training.fit import fit
from creativity.training.resume import Keeper
from creativity.training.trainer import Trainer

NET = Mlp(family="mlp", width=16, depth=1)
NETS = (NET, Cnn(family="cnn", width=4, depth=1), Unet(family="unet", pooling=1, width=4))
DROPPING = Mlp(family="mlp", width=16, depth=1, dropout=0.3)
CONFIG = Training(steps=60, batch_size=8, checkpoints=(0.1, 0.5, 1.0))


@pytest.fixture
def keeper(tmp_path):
    """Makes keepers of one file, and gives the signals their old handlers back."""
    before = {number: signal.getsignal(number) for number in resume.SIGNALS}
    yield lambda key="mine": Keeper(tmp_path / "state.safetensors", key)
    for number, handler in before.items():
        signal.signal(number, handler)


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def same_result(a, b):
    """The same in everything but the seconds."""
    rows = [[row._replace(seconds=0) for row in result.history] for result in (a, b)]
    weights = a.checkpoints.keys() == b.checkpoints.keys() and all(same(a.checkpoints[s], b.checkpoints[s]) for s in a.checkpoints)
    return weights and rows[0] == rows[1] and (a.status, a.losses) == (b.status, b.losses)


def interrupted(net, images, heldout, keeper, number=signal.SIGTERM, at=31, config=CONFIG, seed=0):
    """A training that a signal ends after step `at`."""

    def progress(row):
        if row.step >= at:
            os.kill(os.getpid(), number)

    with pytest.raises(UserError, match=rf"{number.name} ended the training after step \d+: the same command goes on"):
        fit(build(net, images, seed), images, heldout, config, seed, progress, keeper)


@pytest.mark.parametrize("net", NETS, ids=lambda net: net.family)
def test_an_interrupted_training_ends_as_one_that_was_not(net, images, heldout, keeper):
    whole = fit(build(net, images, 3), images, heldout, CONFIG, 3)
    interrupted(net, images, heldout, keeper(), seed=3)
    resumed = fit(build(net, images, 3), images, heldout, CONFIG, 3, keeper=keeper())
    assert len(resumed.history) == 60
    assert same_result(resumed, whole)


def test_dropout_and_mirrored_images_go_on_as_they_would_have(images, heldout, keeper):
    config = replace(CONFIG, flip=True)
    whole = fit(build(DROPPING, images, 3), images, heldout, config, 3)
    interrupted(DROPPING, images, heldout, keeper(), config=config, seed=3)
    assert same_result(fit(build(DROPPING, images, 3), images, heldout, config, 3, keeper=keeper()), whole)


@pytest.mark.parametrize("number", resume.SIGNALS)
def test_every_signal_saves_and_ends(number, images, heldout, keeper):
    interrupted(NET, images, heldout, keeper(), number)
    assert keeper().path.exists()


def test_a_training_can_be_interrupted_at_every_step(images, heldout, keeper, monkeypatch):
    """Between two rows of the history too, at a checkpoint, and after the last step."""
    monkeypatch.setattr(resume, "INTERVAL", 0.0)
    config = Training(steps=201, batch_size=8, checkpoints=(0.02, 1.0))
    whole = fit(build(NET, images), images, heldout, config, 0)
    for stop in (1, 2, 3, 4, 5, 200, 201):
        one = keeper()

        def after_step(trainer, one=one, stop=stop):
            if trainer.steps == stop:
                Keeper.after_step(one, trainer)
                raise KeyboardInterrupt  # as good as a kill: nothing is saved here

        one.after_step = after_step
        with pytest.raises(KeyboardInterrupt):
            fit(build(NET, images), images, heldout, config, 0, keeper=one)
        trainer = Trainer(build(NET, images), config, 0)
        keeper().restore(trainer)
        assert trainer.steps == stop
        assert same_result(fit(build(NET, images), images, heldout, config, 0, keeper=keeper()), whole)
        keeper().path.unlink()


def test_the_state_is_saved_at_intervals_and_saving_takes_a_small_share_of_the_time(images, heldout, keeper, monkeypatch):
    clock, saved = [0.0], []
    monkeypatch.setattr(resume.time, "monotonic", lambda: clock[0])
    one = keeper()

    class Slow:
        steps = 0

        def state(self):
            saved.append(round(clock[0]))
            clock[0] += 10
            return {}, {"step": 0}

        def load(self, tensors, facts): ...

    for _ in range(1000):
        clock[0] += 1
        one.after_step(Slow())
    assert saved == [60, 270, 480, 690, 900]  # a save that takes 10 s makes the next one wait for 200


def test_the_state_of_other_settings_data_or_code_is_not_used(images, heldout, keeper):
    interrupted(NET, images, heldout, keeper("theirs"))
    trainer = Trainer(build(NET, images), CONFIG, 0)
    keeper("mine").restore(trainer)
    assert trainer.steps == 0
    keeper("theirs").restore(trainer)
    assert trainer.steps == 31


def test_a_broken_state_is_not_used_and_said(images, heldout, keeper, caplog):
    caplog.set_level("INFO")
    keeper().path.write_bytes(b"\0" * 100)
    trainer = Trainer(build(NET, images), CONFIG, 0)
    keeper().restore(trainer)
    assert trainer.steps == 0
    assert "found no readable weights" in caplog.text
    assert "not used" in caplog.text


def test_a_full_disk_is_one_sentence_and_keeps_the_old_state(images, heldout, keeper, tmp_path):
    interrupted(NET, images, heldout, keeper())
    before = keeper().path.read_bytes()
    trainer = Trainer(build(NET, images), CONFIG, 0)
    keeper().restore(trainer)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2, limits[1]))  # the same path as a full disk, with another errno
    try:
        with pytest.raises(StoreError, match=r"state.safetensors: could not be written \(.*File too large.*\)\.$"):
            keeper().save(trainer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert keeper().path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_seconds_count_the_training_and_not_the_time_between(images, heldout, keeper):
    interrupted(NET, images, heldout, keeper())
    before = read_facts(keeper().path)["seconds"]
    trainer = Trainer(build(NET, images), CONFIG, 0)
    trainer.started -= 1000
    keeper().restore(trainer)
    assert before < trainer.state()[1]["seconds"] < before + 100


def test_the_state_is_a_plain_safetensors_file(images, heldout, keeper):
    interrupted(NET, images, heldout, keeper())
    parts = {name.rpartition("/")[0] for name in load_state(keeper().path)}
    assert {"denoiser", "averaged", "optimiser/0", "checkpoints/6", "trainer"} <= parts


def test_the_strides_of_adam_s_state_are_those_of_the_weights(images):
    """A net in channels_last, as on a GPU: Adam's fused kernel wants its moments laid out as the weights are."""
    net = Cnn(family="cnn", width=4, depth=1)
    trainers = [Trainer(build(net, images).to(memory_format=torch.channels_last), CONFIG, 0) for _ in range(2)]
    trainers[0].step(images)
    trainers[1].load(*trainers[0].state())
    trainers[1].step(images)
    for p in trainers[1].denoiser.parameters():
        assert trainers[1].optimiser.state[p]["exp_avg"].stride() == p.stride()
    trainers[0].step(images)
    assert same(trainers[0].weights(), trainers[1].weights())
