"""Mistakes end before any job starts, in one sentence, and leave nothing behind."""

import copy
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from checkout import ROOT, TINY
from PIL import Image

from creativity.errors import UserError
from creativity.planning import plan
from creativity.running.demand import Machine

MISSING = object()
WRONG = [  # (path to a key, value, what the sentence must name)
    ("campaign", "a/b", "campaign"),
    ("campaign", "", "campaign"),
    ("campaign", 7, "campaign"),
    ("campaign", "..", "campaign"),
    ("campaign", MISSING, "campaign"),
    ("dataset", MISSING, "dataset"),
    ("dataset", None, "dataset"),
    ("dataset.name", "orl", "dataset.name"),
    ("dataset.size", "8", "dataset.size"),
    ("dataset.size", 2, "dataset.size"),
    ("dataset.size", 7, "denoisers.unet.pooling"),
    ("dataset.color", "yes", "dataset.color"),
    ("dataset.path", 3, "dataset.path"),
    ("dataset", {"name": "image-folder", "size": 8}, "dataset.path"),
    ("dataset", {"name": "image-folder", "size": 8, "path": "no/such/folder"}, "dataset.path"),
    ("dataset.shuffle", 0, "neighbours.mirrored"),
    ("dataset.shuffle", -1, "dataset.shuffle"),
    ("subsets.sizes", [], "subsets.sizes"),
    ("subsets.sizes", [40, 40], "subsets.sizes"),
    ("subsets.sizes", [301], "subsets.sizes"),
    ("subsets.sizes", 40, "subsets.sizes"),
    ("subsets.sizes", [0], "subsets.sizes[0]"),
    ("subsets.split", "person", "subsets.split"),
    ("subsets.disjiont", True, "subsets.disjiont"),
    ("subsets.heldout", 400, "subsets.heldout"),
    ("campaign", "mlflow", "campaign"),
    ("denoisers", {}, "denoisers"),
    ("denoisers", [], "denoisers"),
    ("denoisers.a b", {"family": "bayes"}, "denoisers.a b"),
    ("denoisers.copier", {"family": "bayes"}, "denoisers.copier"),
    ("denoisers.unet", {"family": "vae"}, "denoisers.unet.family"),
    ("denoisers.unet", {}, "denoisers.unet.family"),
    ("denoisers.unet.pooling", 4, "denoisers.unet.pooling"),
    ("denoisers.unet.pooling", 9, "denoisers.unet.pooling"),
    ("denoisers.unet.poolings", 1, "denoisers.unet.poolings"),
    ("denoisers.unet.multipliers", [1], "denoisers.unet.multipliers"),
    ("denoisers.unet.attention", [2], "denoisers.unet.attention"),
    ("denoisers.cnn.kernel", 4, "denoisers.cnn.kernel"),
    ("denoisers.equivariant-local.patch", 4, "denoisers.equivariant-local.patch"),
    ("denoisers.wide", {"family": "equivariant-local", "patch": 9, "border": "circular"}, "denoisers.wide.patch"),
    ("denoisers.wide", {"family": "local", "patch": "no-such"}, "denoisers.wide.patch"),
    ("denoisers.wide", {"family": "local", "patch": "bayes"}, "denoisers.wide.patch"),
    ("denoisers.wide", {"family": "local", "patch": 0}, "denoisers.wide.patch"),
    ("denoisers.wide", {"family": "autoencoder", "dim": 0}, "denoisers.wide.dim"),
    ("denoisers.wide", {"family": "polynomial", "basis": "total"}, "denoisers.wide.basis"),
    ("denoisers.wide", {"family": "bottleneck", "dim": 65}, "denoisers.wide.dim"),
    ("denoisers.unet.norm", "batch", "denoisers.unet.norm"),
    ("denoisers.unet.kernel", 2, "denoisers.unet.kernel"),
    ("denoisers.mlp.dropout", 1.0, "denoisers.mlp.dropout"),
    ("denoisers.wide", {"family": "dit", "patch": 3}, "denoisers.wide.patch"),
    ("denoisers.wide", {"family": "dit", "heads": 3}, "denoisers.wide.heads"),
    ("denoisers.wide", {"family": "pca-locality", "cut": 2.0}, "denoisers.wide.cut"),
    ("denoisers.wide", {"family": "module", "file": "no.py", "train": True}, "denoisers.wide.file"),
    ("denoisers.wide", {"family": "module", "file": "Snakefile", "train": True}, "denoisers.wide.file"),
    ("denoisers.wide", {"family": "module", "file": "no.py"}, "denoisers.wide.prediction"),
    ("denoisers.wide", {"family": "module", "file": "no.py", "train": True, "options": 3}, "denoisers.wide.options"),
    ("denoisers.wide", {"family": "diffusers", "path": "no/such/folder"}, "denoisers.wide.path"),
    ("denoisers.wide", {"family": "diffusers", "path": "config"}, "denoisers.wide.path"),
    ("denoisers.mlp.width", 0, "denoisers.mlp.width"),
    ("seeds", [], "seeds"),
    ("seeds", [-1], "seeds[0]"),
    ("training.learning_rate", "1e-3", "training.learning_rate"),
    ("training.ema", 1.0, "training.ema"),
    ("training.checkpoints", [0.5], "training.checkpoints"),
    ("training.log_checkpoints", 1, "training.log_checkpoints"),
    ("training.device", "gpu", "training.device"),
    ("sampling.count", 41, "sampling.count"),
    ("sampling.sigma_min", 90.0, "sampling.sigma_min"),
    ("sampling.sampler", "ddim", "sampling.sampler"),
    ("neighbours", {"k": 20}, "neighbours.k"),
    ("neighbours", {"spaces": ["pca"]}, "neighbours.spaces"),
    ("neighbours", {"tile": 5}, "neighbours.tile"),
    ("neighbours", {"device": "gpu"}, "neighbours.device"),
    ("tracking", {"url": "x"}, "tracking.url"),
    ("trainig", {}, "trainig"),
]
TEXTS = [("campaign: a\ncampaign: b\n", "campaign: found twice"), ("training: {steps: 9, steps: 8}\n", "steps: found twice")]


def wrong(path, value):
    config = copy.deepcopy(TINY)
    *parents, last = path.split(".") if path != "campaign.." else [path]
    place = config
    for key in parents:
        place = place.setdefault(key, {})
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    return yaml.safe_dump(config, sort_keys=False)


CASES = [(wrong(path, value), f"{key}: found") for path, value, key in WRONG] + TEXTS
IDS = [words.removesuffix(": found") for _, words in CASES]


def test_there_are_at_least_forty():
    assert len(CASES) >= 40


@pytest.mark.parametrize(("text", "words"), CASES, ids=IDS)
def test_a_wrong_campaign_is_named_in_one_sentence(text, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("Snakefile", "config"):  # two cases name them
        Path(name).symlink_to(ROOT / name)
    Path("wrong.yaml").write_text(text)
    with pytest.raises(UserError) as said:
        plan(yaml.safe_load(text), [Path("wrong.yaml")], Machine())
    (sentence,) = str(said.value).splitlines()
    assert sentence.startswith("wrong.yaml: ")
    assert words in sentence
    assert sentence.endswith(".")
    assert {path.name for path in tmp_path.iterdir()} == {"Snakefile", "config", "wrong.yaml"}


@pytest.mark.parametrize("i", [0, 13, 53, len(CASES) - 1], ids=lambda i: IDS[i])
def test_snakemake_ends_with_that_sentence_before_any_job(i, new_checkout):
    text, words = CASES[i]
    checkout = new_checkout()
    (checkout.root / "wrong.yaml").write_text(text)
    done = checkout.run([sys.executable, "-m", "snakemake", "--cores", "1", "--configfile", "wrong.yaml"], check=False)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert done.returncode != 0
    assert [line for line in lines if line.startswith("wrong.yaml: ")] == lines[-1:], done.stdout
    assert words in lines[-1]
    assert "Traceback" not in done.stdout
    assert not (checkout.root / "results").exists()


def test_a_corrupt_image_is_named_and_nothing_half_written_is_left(new_checkout, rng):
    checkout = new_checkout()
    folder = checkout.root / "pictures"
    folder.mkdir()
    for i in range(60):
        Image.fromarray(rng.integers(0, 255, (20, 20), dtype=np.uint8)).save(folder / f"{i:02}.png")
    (folder / "31.png").write_bytes((folder / "31.png").read_bytes()[:200])
    config = checkout.config(
        dataset={"name": "image-folder", "size": 8, "path": "pictures"}, subsets={"sizes": [20], "heldout": 12, "reference": 28},
        sampling={"count": 12, "steps": 4},
    )  # fmt: skip
    failed = checkout.snakemake("results/tiny/subsets/n20-s0/train.parquet", "--configfile", config, check=False)
    assert failed.returncode != 0
    assert "mine.yaml: dataset.path: found 1 unreadable" in failed.stdout
    assert "31.png" in failed.stdout
    assert "Traceback" not in failed.stdout
    assert not list((checkout.root / "results").rglob("*partial*"))
    assert not (checkout.root / "results/tiny/subsets/n20-s0/train.parquet").exists()


def test_the_cluster_profile_plans_the_large_campaign(new_checkout):
    planned = new_checkout().run(
        [sys.executable, "-m", "snakemake", "--profile", "slurm", "--configfile", "config/celeba.yaml", "-n"]
    )
    found = dict(re.findall(r"^(\w+) +(\d+)$", planned.stdout, re.MULTILINE))
    assert found["train"] == str(13 * 3)
    assert found["sample"] == str(13 * 3 + 2)
