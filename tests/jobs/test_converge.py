"""What a denoiser makes with its own and with twice the sampling steps, held against the sets that its samples are held against."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch

from creativity import store
from creativity.campaign.sections import Judge, Sampling
from creativity.denoisers import build
from creativity.denoisers.state import save_state
from creativity.families import parse
from creativity.measures import intervals, judges, realism, verdict
from creativity.running.job import Job
from creativity.sampling.draw import draw
from creativity.store.weights import in_one
from creativity.training.judge import fit, folds_of
from jobs.converge import converge
from jobs.judge import judge

STAMP = store.Stamp("made", "content", "code", "commit")
SIDES = {"train": slice(0, 20), "heldout": slice(20, 60), "reference": slice(60, 120)}
JUDGE, SAMPLING = Judge(steps=60, folds=2, width=4, batch_size=16), Sampling(count=16, steps=6)
SETTINGS = {"family": {"family": "bayes"}, "mirrored": True, "by_group": False, "training": None}
SETTINGS |= {"sampling": dataclasses.asdict(SAMPLING), "judge": dataclasses.asdict(JUDGE)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory, faces):
    """Three sets of faces, the networks of a judge, and samples of the posterior mean."""
    root, mixed = tmp_path_factory.mktemp("sets"), faces[np.random.default_rng(0).permutation(len(faces))]
    for name, chosen in SIDES.items():
        images = store.from_unit(mixed[chosen])
        facts = {"id": [f"{name} {i}" for i in range(len(images))], "label": [None] * len(images)}
        store.write_images(root / f"{name}.parquet", facts, images, STAMP)
    real, known = (torch.from_numpy(store.units(root / f"{name}.parquet")) for name in ("reference", "train"))
    networks = fit(real, folds_of([None] * len(real), 2), JUDGE, mirrored=True)
    save_state(root / "judge.safetensors", in_one({str(i): weights for i, weights in enumerate(networks)}), STAMP._asdict())
    samples = draw(build(parse({"family": "bayes"}), known), known.shape[1:], SAMPLING)
    store.write_samples(root / "samples.parquet", samples.numpy(), np.ones(SAMPLING.count, dtype=bool), STAMP, {})
    return root


def measured(folder, **files):
    """The table of the posterior mean: {(measure, sampling steps): row}."""
    sets = {name: folder / f"{name}.parquet" for name in (*SIDES, "samples")}
    job = Job(campaign="made", code="abc", settings=SETTINGS)
    converge(job, **sets, **files, convergence=folder / "convergence.parquet")
    rows = pd.read_parquet(folder / "convergence.parquet").to_dict("records")
    return {(row["measure"], row["sampling_steps"]): row for row in rows}


def test_copies_are_counted_at_both_numbers_of_steps_without_a_judge(folder):
    found = measured(folder)
    assert {measure for measure, _ in found} == {"nearest_distance", "memorised", "copied", "copies"}
    assert {steps for _, steps in found} == {6, 12}
    assert found["memorised", 12]["value"] == found["copies", 12]["value"] == found["copied", 12]["value"] == 1
    assert verdict.least_copies(16, 40) <= 16
    assert found["nearest_distance", 12]["value"] < 0.1


def test_what_is_judged_real_is_what_the_judge_says_of_the_samples(folder):
    networks = folder / "judge.safetensors"
    found = measured(folder, networks=networks)["real", SAMPLING.steps]
    judge(
        Job(campaign="made", code="abc", settings=SETTINGS),
        samples=folder / "samples.parquet",
        reference=folder / "reference.parquet",
        networks=networks,
        judged=folder / "judged.parquet",
    )
    percentiles = pd.read_parquet(folder / "judged.parquet")["percentile"].to_numpy()
    pictures, reference = store.finite_samples(folder / "samples.parquet"), store.units(folder / "reference.parquet")
    sharp = realism.as_sharp(realism.laplacian_energy(pictures), realism.fit_ruler(reference))
    expected = intervals.share(judges.accepted(percentiles, len(reference)) & sharp)
    assert (found["value"], found["low"], found["high"], found["count"]) == tuple(expected)
    assert found["value"] > 0
