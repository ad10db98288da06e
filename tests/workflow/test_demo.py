"""The default campaign, and what it must show on real faces."""

import numpy as np
import pandas as pd
import pytest

from creativity.families.control import CONTROLS

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def demo(new_checkout):
    checkout = new_checkout()
    checkout.snakemake()
    return checkout


@pytest.fixture(scope="module")
def measures(demo):
    table = pd.read_parquet(demo.root / "results/faces/measures.parquet")
    table = table[table["space"] == "pixel"]
    return table.pivot(index="denoiser", columns="measure", values="value")


@pytest.fixture(scope="module")
def convergence(demo):
    table = pd.read_parquet(demo.root / "results/faces/convergence.parquet")
    keys = ["denoiser", "step", "sampling_steps"]
    return table.pivot_table(index=keys, columns="measure", values="value").reset_index()


def test_seventeen_denoisers_and_all_controls_were_sampled(measures):
    assert len(measures) == 17 + len(CONTROLS)
    assert (measures["finite"] == 1).all()


def test_deeper_pooling_is_nearer_to_the_training_set(measures):
    d1 = measures["nearest_distance"]
    assert d1["unet-pool0"] > d1["unet-pool1"] > max(d1["unet-pool2"], d1["unet-pool3"])


def test_pooling_0_creates_and_pooling_3_copies(measures):
    d1 = measures["nearest_distance"]
    assert d1["unet-pool0"] > d1["held-out"] > d1["unet-pool3"]


def test_so_it_is_with_the_same_number_of_parameters(demo, measures):
    runs = pd.read_parquet(demo.root / "results/faces/runs.parquet").set_index("denoiser")
    assert abs(runs["parameters"]["unet-pool0-49k"] / runs["parameters"]["unet-pool3-49k"] - 1) < 0.01
    assert measures["nearest_distance"]["unet-pool0-49k"] > measures["nearest_distance"]["unet-pool3-49k"]


def test_and_at_equal_training_loss(convergence):
    """Pooling 3 of two widths, read off between its checkpoints at the losses that pooling 0 passed through."""
    table = convergence[convergence["sampling_steps"] == 20].sort_values("train_loss")
    compared = 0
    for flat, deep in (("unet-pool0-49k", "unet-pool3-49k"), ("unet-pool0", "unet-pool3-w4")):
        line = table[table["denoiser"] == deep]
        for point in table[table["denoiser"] == flat].itertuples():
            if line["train_loss"].min() <= point.train_loss <= line["train_loss"].max():
                at_same_loss = np.interp(point.train_loss, line["train_loss"], line["nearest_distance"])
                assert point.nearest_distance > at_same_loss + 0.1
                compared += 1
    assert compared >= 2


def test_doubling_the_sampling_steps_changes_little(convergence):
    table = convergence[convergence["step"] == convergence.groupby("denoiser")["step"].transform("max")]
    wide = table.pivot(index="denoiser", columns="sampling_steps", values="nearest_distance")
    assert (abs(wide[40] - wide[20]) < 0.05 * wide[20] + 0.02).all()


def test_the_extremes_are_where_theory_puts_them(measures):
    assert measures["memorised"]["bayes"] >= 0.99
    assert measures["memorised"]["copier"] == 1
    assert measures["memorised"]["held-out"] <= 0.06
    assert measures["class_new_and_unreal"]["mlp-32"] >= 0.99
    assert measures["memorised"]["linear"] == 0
    assert measures["memorised"]["pca-2-bayes"] >= 0.99  # two numbers are enough to copy
    assert measures["memorised"]["polynomial-3"] <= 0.02
    assert measures["memorised"]["pca-16"] <= 0.02


REAL_AT_MOST = {
    "linear": 0.1,
    "polynomial-3": 0.1,
    "local-7": 0.1,
    "equivariant-local-11": 0.4,
    "unet-pool0": 0.15,
    "cnn": 0.15,
    "mlp-512": 0.15,
    "mlp-32": 0.02,
    "gaussian": 0.1,
    "halves": 0.3,
    "mosaic": 0.05,
    "torn": 0.05,
    "blurred": 0.05,
}


def test_the_judge_tells_real_from_unreal(measures):
    real = measures["real"]
    assert {name: real[name] for name, most in REAL_AT_MOST.items() if real[name] > most} == {}
    assert real["held-out"] >= 0.9
    assert real["copier"] >= 0.85
    assert real["unet-pool3"] >= 0.85


def test_the_classes_of_controls_and_of_the_two_ends(measures):
    copy, collage = measures["class_copy"], measures["class_collage"]
    assert copy["copier"] == copy["bayes"] == 1
    assert copy["held-out"] <= 0.05
    assert collage["held-out"] <= 0.05
    assert collage["halves"] >= 0.9
    assert collage["mosaic"] >= 0.9
    assert measures["class_new_and_real"]["held-out"] >= 0.8
    assert measures["class_new_and_unreal"]["unet-pool0"] >= 0.75


def test_the_judges_take_less_than_a_fifth_of_the_processor_time(demo):
    """Each job has a core of its own, so its seconds are those of the processor; `cpu_time` lacks up to the last 30 of a job."""
    seconds = {}
    for path in (demo.root / "results/faces/benchmarks").rglob("*.tsv"):
        rule = path.relative_to(demo.root / "results/faces/benchmarks").parts[0].removesuffix(".tsv")
        seconds[rule] = seconds.get(rule, 0) + pd.read_csv(path, sep="\t")["s"].sum()
    print({rule: round(value) for rule, value in seconds.items()})
    assert sum(seconds[rule] for rule in ("train_judge", "judge", "critic")) < 0.2 * sum(seconds.values())


def test_there_is_nothing_to_do_afterwards(demo):
    assert "Nothing to be done" in demo.snakemake("-n").stdout
