"""Users' modules through the real jobs: a law that is met, samples of our own UNet, what is measured, a training that is killed."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from checkout import ROOT

from creativity import store, syntax
from creativity.denoisers import module as own
from creativity.measures.explanation import EXPLAINED
from creativity.running.job import Job
from creativity.store.weights import read_facts
from jobs.explain import explain
from jobs.law import law
from jobs.probe import probe
from jobs.sample import sample
from jobs.train import train

LINEAR = """
import torch
from torch import nn

def build(images):
    return Linear(images)

class Linear(nn.Module):
    def __init__(self, images):
        super().__init__()
        rows = images.flatten(1).double()
        self.register_buffer("mean", rows.mean(dim=0))
        values, vectors = torch.linalg.eigh((rows - self.mean).T @ (rows - self.mean) / len(rows))
        self.register_buffer("values", values.clamp(min=0))
        self.register_buffer("vectors", vectors)

    def forward(self, x, sigma):
        modes = (x.flatten(1).double() - self.mean) @ self.vectors
        gain = self.values / (self.values + sigma[:, None].double() ** 2)
        return ((gain * modes) @ self.vectors.T + self.mean).reshape(x.shape).to(x.dtype)
"""
UNET = """
from creativity.denoisers.unet import UNet
from creativity.families.unet import Unet

def build(images, **options):
    return UNet(Unet(family="unet", **options), channels=images.shape[1])
"""
NOISY = """
import torch
from torch import nn

def build(images, width):
    channels = images.shape[1]
    conv = nn.Conv2d(channels, width, 3, padding=1)
    return Net(conv, nn.BatchNorm2d(width), nn.Dropout(0.2), nn.Conv2d(width, channels, 3, padding=1))

class Net(nn.Sequential):
    def forward(self, x, c_noise):
        return super().forward(x) + c_noise[:, None, None, None]
"""
OPTIONS = {"pooling": 1, "width": 4}
SAMPLING = {"count": 16, "steps": 6, "sampler": "heun"}
TRAINING = {"steps": 2000, "batch_size": 8, "device": "cpu"}
STAMP = store.Stamp("made", "content", "code", "commit")


@pytest.fixture
def root(tmp_path, monkeypatch, faces):
    """A folder with training and held-out images and the files of modules."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    for function in (syntax.imported, syntax.beside, own.load):
        function.cache_clear()
    for name, chosen in (("train", slice(0, 40)), ("heldout", slice(40, 80))):
        images = store.from_unit(faces[chosen])
        store.write_images(tmp_path / f"{name}.parquet", {"id": [str(i) for i in range(len(images))]}, images, STAMP)
    for name, text in (("linear", LINEAR), ("unet", UNET), ("noisy", NOISY)):
        (tmp_path / f"{name}.py").write_text(text)
    return tmp_path


def job(root, file, weights=None, settings=(), **options):
    places = {"file": str(root / file)} | ({"weights": str(weights)} if weights else {})
    family = {"family": "module", **options}
    return Job(
        campaign="made", code="abc", settings={"family": family, "sampling": SAMPLING, **dict(settings)}, places={"family": places}
    )


def pictures(path):
    return store.pictures(store.read(path), path)


def test_a_module_that_is_linear_meets_the_linear_law(root):
    mine = job(root, "linear.py", prediction="denoised", law="linear", settings={"laws": ["linear"]})
    sample(mine, train=root / "train.parquet", samples=root / "samples.parquet")
    law(mine, samples=root / "samples.parquet", train=root / "train.parquet", law=root / "law.parquet")
    rows = store.read(root / "law.parquet").to_pandas().set_index("measure")["value"]
    assert rows["error_max"] / 64**0.5 < 1e-6  # root mean square over the pixels, in float32
    facts = json.loads(store.footer(root / "samples.parquet")["run"])
    assert (facts["status"], facts["receptive_field"]) == ("closed form", None)


def test_our_own_unet_as_file_and_weights_draws_the_same_bytes(root):
    settings = {"training": TRAINING | {"steps": 20}, "sampling": SAMPLING, "seeds": [0]}
    ours = Job(campaign="made", code="abc", settings={"family": {"family": "unet", **OPTIONS}, **settings})
    outputs = {name: root / "unet/seed0" / file for name, file in OUTPUTS.items()}
    (root / "unet/seed0").mkdir(parents=True)
    train(ours, train=root / "train.parquet", heldout=root / "heldout.parquet", **outputs)
    sample(ours, train=root / "train.parquet", samples=root / "ours.parquet", model=outputs["model"])
    theirs = job(root, "unet.py", weights=outputs["model"], prediction="network", options=OPTIONS)
    sample(theirs, train=root / "train.parquet", samples=root / "theirs.parquet")
    assert pictures(root / "ours.parquet").tobytes() == pictures(root / "theirs.parquet").tobytes()
    assert json.loads(store.footer(root / "theirs.parquet")["run"])["status"] == "given"


OUTPUTS = {"model": "model.safetensors", "checkpoints": "checkpoints.safetensors"}
OUTPUTS |= {"history": "history.parquet", "losses": "losses.parquet"}


def test_a_module_is_explained_by_closed_forms_a_users_own_among_them(root):
    forms = {"bayes": {"family": "bayes"}, "own": {"family": "module", "prediction": "denoised"}}
    mine = job(root, "unet.py", train=True, options=OPTIONS, settings={"closed_forms": forms})
    mine.places["closed_forms"] = {"own": {"file": str(root / "linear.py")}}
    explain(mine, train=root / "train.parquet", explained=root / "explained.parquet", receptive_field=root / "field.parquet")
    explained = store.read(root / "explained.parquet").to_pandas()
    assert set(explained[next(iter(EXPLAINED))]) == {"bayes", "own"}
    assert len(store.read(root / "field.parquet")) > 0


def test_the_probe_measures_more_for_more_work(root):
    costs = []
    for width in (4, 64):
        probe(
            job(root, "noisy.py", train=True, options={"width": width}),
            reference=root / "train.parquet",
            cost=root / "cost.parquet",
        )
        costs.append(store.read(root / "cost.parquet").to_pylist()[0])
    narrow, wide = costs
    assert wide["seconds"] > 0
    assert narrow["seconds"] > 0
    assert wide["activations"] > 8 * narrow["activations"]
    assert narrow["weights"] == (9 * 4 + 4) + (4 * 4 + 1) + (9 * 4 + 1) + 1  # BatchNorm counts its batches; sigma_data


def run(folder, root, interval):
    """The job `train` in a process of its own, which saves its state every so many seconds."""
    folder.mkdir(parents=True)
    code = "import sys; from creativity.training import resume; from creativity.running import job; from jobs.train import train; "
    code += f"resume.INTERVAL, resume.SHARE = {interval}, 0.9; job.run(train, sys.argv[1:])"
    settings = {"family": {"family": "module", "train": True, "options": {"width": 8}}, "training": TRAINING, "seeds": [0]}
    arguments = ["--campaign", "made", "--code", "abc", "--settings", json.dumps(settings)]
    arguments += ["--places", json.dumps({"family": {"file": str(root / "noisy.py")}})]
    arguments += ["--train", str(root / "train.parquet"), "--heldout", str(root / "heldout.parquet")]
    for name, file in OUTPUTS.items():
        arguments += [f"--{name}", str(folder / file)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "workflow/scripts")}
    return lambda: subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment, stderr=subprocess.PIPE, text=True)


@pytest.mark.long
def test_a_training_that_is_killed_goes_on_to_the_same_bytes(root):
    """Of a network with dropout and statistics of its batches."""
    whole, broken = root / "whole/mine/seed0", root / "broken/mine/seed0"
    assert run(whole, root, 1e9)().wait() == 0
    start = run(broken, root, 0.05)
    process = start()
    while not (broken / "state.safetensors").exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (broken / "model.safetensors").exists()
    steps = read_facts(broken / "state.safetensors")["step"]
    assert 0 < steps < TRAINING["steps"]
    again = start()
    said = again.communicate()[1]
    assert again.returncode == 0, said
    assert "goes on after step" in said
    for name in ("model.safetensors", "checkpoints.safetensors", "losses.parquet"):
        assert (whole / name).read_bytes() == (broken / name).read_bytes(), name
