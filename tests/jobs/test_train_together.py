"""A training whose outputs are lost before they are recorded is not done again; its state goes when a later job has seen them."""

import pytest
import torch

from creativity import store
from creativity.running.job import Job
from creativity.training.trainer import Trainer
from jobs.fit_spaces import fit_spaces
from jobs.judge import judge
from jobs.neighbours import neighbours
from jobs.sample import sample
from jobs.train import train
from jobs.train_judge import train_judge

STAMP = store.Stamp("made", "content", "code", "commit")
FAMILY = {"family": "mlp", "width": 8, "depth": 1}
TRAINING = {"steps": 30, "batch_size": 8, "device": "cpu"}
JUDGE = {"steps": 4, "folds": 2, "width": 4, "batch_size": 8}
SEARCH = {"spaces": ["pixel"], "k": 2, "mirrored": False, "tile": 4, "by_group": False}
OUTPUTS = ("model.safetensors", "checkpoints.safetensors", "history.parquet", "losses.parquet")


@pytest.fixture
def root(tmp_path, faces):
    for name, chosen in (("train", slice(0, 20)), ("heldout", slice(20, 40)), ("reference", slice(40, 80))):
        images = store.from_unit(faces[chosen])
        facts = {"id": [f"{name} {i}" for i in range(len(images))], "label": [None] * len(images)}
        store.write_images(tmp_path / f"{name}.parquet", facts, images, STAMP)
    (tmp_path / "mine/seed0").mkdir(parents=True)
    return tmp_path


def job(code="abc", **settings):
    return Job(campaign="made", code=code, settings=settings)


def trained(root, steps=30, family=FAMILY):
    """The outputs of a training, by name."""
    paths = {name.partition(".")[0]: root / "mine/seed0" / name for name in OUTPUTS}
    mine = job(family=family, training=TRAINING | {"steps": steps}, seeds=[0])
    train(mine, train=root / "train.parquet", heldout=root / "heldout.parquet", **paths)
    return {name: path.read_bytes() for name, path in paths.items()}


def judged(root):
    mine = job(judge=JUDGE, mirrored=False, by_group=False)
    train_judge(mine, reference=root / "reference.parquet", judge=root / "judge.safetensors")
    return (root / "judge.safetensors").read_bytes()


@pytest.fixture
def steps(monkeypatch):
    """The steps that are taken, as they are counted."""
    taken, step = [], Trainer.step
    monkeypatch.setattr(Trainer, "step", lambda trainer, images: (taken.append(1), step(trainer, images)))
    return taken


def test_outputs_that_are_deleted_come_back_without_a_step(root, steps):
    before = trained(root)
    assert len(steps) == 30
    for name in OUTPUTS:
        (root / "mine/seed0" / name).unlink()
    assert trained(root) == before
    assert len(steps) == 30


THEIRS = """
from torch import nn

class Net(nn.Module):
    def __init__(self, channels, side):
        super().__init__()
        self.first, self.second = nn.Conv2d(channels, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)
        self.last = nn.Linear(4 * side**2, side**2)

    def forward(self, x, c_noise):
        return self.last(self.second(self.first(x)).view(len(x), -1)).view_as(x)

def build(images):
    return Net(images.shape[1], images.shape[-1])
"""


def test_convolutions_are_trained_channels_last_but_not_those_of_a_users_module(root, monkeypatch):
    """There a `view` of what a convolution gives would fail."""
    orders, begun = [], Trainer.__init__

    def watched(trainer, denoiser, *rest):
        begun(trainer, denoiser, *rest)
        orders.append(all(p.is_contiguous(memory_format=torch.channels_last) for p in denoiser.parameters() if p.dim() == 4))

    monkeypatch.setattr(Trainer, "__init__", watched)
    (root / "theirs.py").write_text(THEIRS)
    trained(root, 4, {"family": "cnn", "width": 4, "depth": 1})
    trained(root, 4, {"family": "module", "file": str(root / "theirs.py"), "train": True})
    assert orders == [True, False]


def test_other_settings_start_from_the_first_step(root, steps):
    trained(root)
    trained(root, steps=20)
    assert len(steps) == 30 + 20


def test_the_state_stays_until_the_neighbours_of_the_samples_are_found(root):
    run = root / "mine/seed0"
    trained(root)
    drawing = job(family=FAMILY, sampling={"count": 8, "steps": 3})
    sample(drawing, train=root / "train.parquet", samples=run / "samples.parquet", model=run / "model.safetensors")
    assert (run / "state.safetensors").exists()
    files = {name: run / f"{name}.parquet" for name in ("neighbours", "provenance", "samples")}
    fit_spaces(job(**SEARCH), reference=root / "reference.parquet", spaces=root / "spaces.safetensors")
    neighbours(job(**SEARCH), train=root / "train.parquet", spaces=root / "spaces.safetensors", **files)
    assert sorted(path.name for path in run.iterdir()) == sorted([*OUTPUTS, *(path.name for path in files.values())])


def test_the_states_of_the_judge_stay_until_it_is_asked(root, steps):
    before = judged(root)
    (root / "judge.safetensors").unlink()
    assert judged(root) == before
    assert len(steps) == JUDGE["folds"] * JUDGE["steps"]
    assert len(list(root.glob("judge*.state.safetensors"))) == JUDGE["folds"]
    drawing = job(family={"family": "bayes"}, sampling={"count": 8, "steps": 3})
    sample(drawing, train=root / "train.parquet", samples=root / "samples.parquet")
    files = {name: root / f"{name}.parquet" for name in ("samples", "reference", "judged")}
    judge(job(judge=JUDGE, mirrored=False), networks=root / "judge.safetensors", **files)
    assert not list(root.glob("*state*"))
