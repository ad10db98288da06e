"""A study's denoisers against its targets, on two made-up campaigns."""

import made_up
import numpy as np
import pandas as pd
import pytest
import yaml

from creativity.campaign.layout import runs
from creativity.campaign.validation import deciding
from creativity.measures.alignment import metrics
from creativity.running.job import Job
from jobs.align import align
from jobs.plot_study import plot_study

TARGETS = ("small", "other")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The alignment of a study, and its campaigns by target."""
    folder, campaigns = tmp_path_factory.mktemp("study"), {}
    for target in TARGETS:
        root = folder / f"study-{target}"
        campaigns[target] = made_up.campaign(root, count=12)
        (root / "settings.yaml").write_text(yaml.safe_dump(deciding(campaigns[target])))
        heldout = made_up.images(np.random.default_rng(1), 12, campaigns[target])
        made_up.write_set(root / "subsets/n20-s0/heldout.parquet", heldout)
    job = Job(campaign="study", code="x", settings={"targets": [f"study-{target}" for target in TARGETS]})
    configs = [folder / f"study-{target}" / "settings.yaml" for target in TARGETS]
    align(job, configs=configs, alignment=folder / "alignment.parquet")
    return folder / "alignment.parquet", campaigns


def test_every_run_is_held_against_its_own_target_by_every_metric(study):
    table, campaigns = pd.read_parquet(study[0]), study[1]
    assert set(table["target"]) == set(TARGETS)
    per_metric = table.groupby(["target", "denoiser", "metric"]).size()
    assert (per_metric == 1).all()
    names = set(metrics(np.random.default_rng(0).normal(size=(20, 1, 8, 8))))
    for target in TARGETS:
        part = table[table["target"] == target]
        assert set(part["denoiser"]) == {run.denoiser for run in runs(campaigns[target])}
        assert set(part["metric"]) == names
    assert (table["low"] <= table["high"]).all()
    assert (table["matches"] == (table["ratio"] <= table["fresh_high"])).all()
    assert set(table["memorised"]) == set(table["fresh_memorised"]) == {0.25}
    assert table["new"].all()


def test_its_figure_names_the_study_and_is_self_contained(study, tmp_path):
    job = Job(campaign="study", code="x", settings={"figure": "alignment"})
    plot_study(job, table=study[0], html=tmp_path / "a.html", svg=tmp_path / "a.svg")
    assert "<script src=" not in (tmp_path / "a.html").read_text()
    drawn = (tmp_path / "a.svg").read_text()
    assert drawn.startswith("<svg")
    assert "study" in drawn
    assert all(target in drawn for target in TARGETS)
