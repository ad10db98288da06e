"""The tiny campaign from nothing to figures: what it leaves, and what runs again when something changes."""

import json
import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from checkout import TINY

from creativity import store
from creativity.campaign.layout import FIGURES
from creativity.campaign.sections import Neighbours
from creativity.families.control import CONTROLS
from creativity.measures.classes import NAMES, column
from creativity.measures.disguises import ANY, KINDS
from creativity.store.weights import read_facts

RUNS = 2 * (len(CONTROLS) + 3 + 2 * 3)  # subsets x (controls + closed forms + seeds x trained)
SEARCHED = Neighbours().spaces
RUN = ["subset", "n", "denoiser", "family", "kind", "seed"]
MEASURE = ["measure", "space", "value", "low", "high", "count"]
PAIR = ["measure", "sigma", "value", "low", "high", "count", "left_out"]
SEEN = ["sigma", "side", "share", "low", "high", "count"]
LAW = ["law", "measure", "mode", "expected", "value", "low", "high", "p", "count"]
COLUMNS = {
    "reference.parquet": ["id", "sha256", "label", "image"],
    "subsets/n40-s0/train.parquet": ["id", "sha256", "label", "image"],
    "subsets/n40-s0/heldout.parquet": ["id", "sha256", "label", "image"],
    "subsets/n40-s0/neighbours.parquet": ["set", "id", "space", "rank", "neighbour", "mirrored", "distance"],
    "runs/n40-s0/unet/seed1/history.parquet": ["step", "images_seen", "seconds", "loss", "learning_rate", "grad_norm"],
    "runs/n40-s0/unet/seed1/losses.parquet": ["step", "split", "sigma_low", "sigma_high", "loss"],
    "runs/n40-s0/unet/seed1/samples.parquet": ["sample", "finite", "image"],
    "runs/n40-s0/unet/seed1/neighbours.parquet": ["sample", "space", "rank", "neighbour", "mirrored", "distance"],
    "runs/n40-s0/unet/seed1/provenance.parquet": ["sample", "row", "col", "source", "distance", "mirrored"],
    "runs/n40-s0/unet/seed1/sample_measures.parquet": ["sample", "measure", "space", "value", "text"],
    "runs/n40-s0/unet/seed1/measures.parquet": MEASURE,
    "runs/n40-s0/unet/seed1/convergence.parquet": ["step", "sampling_steps", *MEASURE],
    "runs/n40-s0/unet/seed1/explained.parquet": ["b", *PAIR],
    "runs/n40-s0/unet/seed1/receptive_field.parquet": SEEN,
    "runs/n40-s0/linear/seed0/law.parquet": LAW,
    "runs/n20-s0/copier/seed0/samples.parquet": ["sample", "finite", "image"],
    "runs.parquet": [*RUN, "config", "parameters", "receptive_field", "status", "seconds"],
    "measures.parquet": [*RUN, *MEASURE],
    "pairs.parquet": ["subset_a", "a", "seed_a", "subset_b", "b", "seed_b", *PAIR],
    "runs/n40-s0/unet/seeds.parquet": ["seed", "other", *PAIR],
    "explained.parquet": [
        *("subset", "denoiser", "seed", "sigma", "measure", "explained_by", "value", "low", "high", "count"),
        *("chance", "second_seed", "best"),
    ],
    "laws.parquet": [*RUN, *LAW],
    "receptive_fields.parquet": [*RUN, *SEEN],
    "convergence.parquet": [*RUN, "step", "sampling_steps", *MEASURE],
    "times.parquet": [
        *(*RUN, "tau_mem", "tau_gen", "tau_mem_after", "tau_gen_after", "last", "checkpoints"),
        *("heldout_loss", "last_heldout_loss", "memorised", "last_memorised", "tau_real", "real", "advice"),
    ],
    "slopes.parquet": ["denoiser", "family", "kind", "time", "value", "low", "high", "sizes", "replicates", "clusters", "over"],
    "controls.parquet": ["subset", "measure", "space", "control", "value", "low", "high", "least", "most", "held"],
    "copied.parquet": [*RUN, "id", "label", "copies", "sample", "near", "isolation", "reference_distance", "duplicates"],
    "copied_first.parquet": [*RUN, "attribute", "correlation", "p", "p_holm", "limit", "copies", "copied", "images"],
    "phase.parquet": ["denoiser", "family", "kind", "value", "low", "high", "replicates", "count", "subsets"],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_every_table_is_there_and_read_by_pandas_polars_and_duckdb(done, name):
    path = done.root / "results/tiny" / name
    assert store.read(path).column_names == COLUMNS[name]
    rows = len(pd.read_parquet(path))
    assert rows > 0
    assert len(pl.read_parquet(path)) == rows
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(rows,)]
    footer = store.footer(path)
    assert footer["campaign"] == "tiny"
    assert {"content_hash", "code_hash", "git_commit"} <= set(footer)


def test_the_tables_hold_every_run(done):
    runs = pd.read_parquet(done.root / "results/tiny/runs.parquet")
    assert len(runs) == RUNS
    assert set(runs["status"]) == {"trained", "closed form", "drawn"}
    trained = runs[runs["kind"] == "trained"]
    assert (trained["parameters"] > 0).all()
    assert (trained["seconds"] > 0).all()
    assert trained.set_index("denoiser")["receptive_field"]["cnn"].unique().tolist() == [5]
    measures = pd.read_parquet(done.root / "results/tiny/measures.parquet")
    assert measures.groupby(["subset", "denoiser", "seed"]).size().nunique() == 1


def test_without_three_seeds_no_claim_is_made_and_this_is_said(done):
    path = done.root / "results/tiny/claims.parquet"
    columns = ["subset", "a", "b", "measure", "difference", "low", "high", "p", "p_holm", "seeds", "count"]
    assert store.read(path).column_names == columns
    assert len(store.read(path)) == 0
    assert store.footer(path)["note"] == "no claim is made: found 2 training seeds; needed: at least 3"


def test_pairs_are_those_of_a_subset_and_each_pair_stands_once(done):
    pairs = pd.read_parquet(done.root / "results/tiny/pairs.parquet")
    assert (pairs["subset_a"] == pairs["subset_b"]).all()
    ends = pairs[pairs["sigma"].isna() & (pairs["measure"] == "distance") & (pairs["subset_a"] == "n40-s0")]
    runs = pd.concat([ends[["a", "seed_a"]].set_axis(["d", "s"], axis=1), ends[["b", "seed_b"]].set_axis(["d", "s"], axis=1)])
    assert len(runs.drop_duplicates()) == 3 + 2 * 3
    assert not ends.duplicated(["a", "seed_a", "b", "seed_b"]).any()
    assert not set(ends["a"]) & set(CONTROLS)
    along = pairs[pairs["sigma"].notna()]
    assert set(along["a"]) == {"cnn", "mlp", "unet"}
    assert set(along["b"]) == {"bayes", "linear", "equivariant-local"}
    assert along.groupby(["subset_a", "a", "seed_a", "b", "measure"])["sigma"].nunique().unique().tolist() == [6]


def test_a_second_training_says_how_much_a_closed_form_could_explain(done):
    """Of the rules explain_seeds and explained: every training, noise level and closed form, and the other seed beside."""
    told = pd.read_parquet(done.root / "results/tiny/explained.parquet")
    assert set(told["denoiser"]) == {"cnn", "mlp", "unet"}
    assert set(told["explained_by"]) == {"bayes", "linear", "equivariant-local"}
    keys = ["subset", "denoiser", "seed", "measure", "sigma"]
    assert told.groupby(keys, dropna=False).size().unique().tolist() == [3]
    assert told.groupby(keys[:-1])["sigma"].nunique().unique().tolist() == [6]
    assert told["sigma"].isna().any()
    assert told["second_seed"].notna().all()
    along = pd.read_parquet(done.root / "results/tiny/runs/n40-s0/unet/seeds.parquet")
    assert set(zip(along["seed"], along["other"], strict=True)) == {(0, 1), (1, 0)}


def test_models_say_what_they_are(done):
    facts = read_facts(done.root / "results/tiny/runs/n40-s0/unet/seed1/model.safetensors")
    assert facts["status"] == "trained"
    assert facts["step"] == 20
    assert facts["family"]["pooling"] == 1


def test_every_figure_is_self_contained(done):
    for figure in FIGURES:
        for subset in ("n40-s0", "n20-s0"):
            html = (done.root / f"results/tiny/figures/{figure}-{subset}.html").read_text()
            assert "<script src=" not in html
            assert "cdn.jsdelivr.net" not in html.split("<body>")[-1]
            assert (done.root / f"results/tiny/figures/{figure}-{subset}.svg").read_text().startswith("<svg")


def test_there_is_nothing_to_do_afterwards(done):
    assert done.planned(done.root / "mine.yaml") == {}


def test_a_calibrated_denoiser_follows_the_first_seed_of_its_network(done):
    follower = {"family": "equivariant-local", "patch": "unet"}
    config = done.config("follower.yaml", seeds=[1, 0], denoisers={**TINY["denoisers"], "follower": follower})
    planned = done.planned(config)
    assert planned["calibrate"] == 2
    assert planned["sample"] == planned["converge"] == 2
    assert "train" not in planned
    folder = "results/tiny/runs/n20-s0/follower/seed0"
    done.snakemake(*(f"{folder}/{name}.parquet" for name in ("samples", "explained")), "--configfile", config)
    patches = pd.read_parquet(done.root / folder / "patches.parquet")
    assert patches.columns.tolist() == ["sigma", "patch", "distance", "chosen"]
    assert sorted(patches["patch"].unique()) == [1, 3, 5, 7, 9, 11, 13, 15]
    assert (patches.groupby("sigma")["chosen"].sum() == 1).all()
    samples = store.read(done.root / folder / "samples.parquet")
    assert len(samples) == 40
    assert all(samples["finite"].to_pylist())


def test_the_same_campaign_elsewhere_with_other_batches_gives_the_same_bytes(done, new_checkout):
    other = new_checkout()
    config = other.config(seeds=[0, 1], sampling={"count": 40, "steps": 6, "batch_size": 32})
    names = ["model.safetensors", "samples.parquet"]
    runs = [f"results/tiny/runs/n40-s0/{run}/{name}" for run in ("mlp/seed0", "cnn/seed1", "unet/seed1") for name in names]
    others = ("bayes", "linear", "equivariant-local", "copier", "gaussian")
    runs += [f"results/tiny/runs/n40-s0/{run}/seed0/samples.parquet" for run in others]
    other.snakemake(*runs, "--configfile", config)
    for run in runs:
        assert (other.root / run).read_bytes() == (done.root / run).read_bytes(), run


def test_mlflow_shows_every_run_once_and_is_rebuilt_when_its_store_is_lost(done):
    from mlflow.tracking import MlflowClient

    store_file = done.root / "results/mlflow/mlflow.db"
    ids = json.loads((done.root / "results/tiny/mlflow.json").read_text())
    client = MlflowClient(f"sqlite:///{store_file}")
    experiment = client.get_experiment_by_name("tiny").experiment_id
    runs = {run.info.run_id: run for run in client.search_runs([experiment], max_results=1000)}
    children = {id_ for id_, run in runs.items() if run.data.tags["kind"] != "campaign"}
    assert set(ids.values()) == children
    assert len(children) == len(runs) - 1 == RUNS
    run = runs[ids["n40-s0/unet/seed1"]]
    assert run.data.params["pooling"] == "1"
    assert run.data.tags["campaign"] == "tiny"
    assert run.data.tags["kind"] == "trained"
    measures = pd.read_parquet(done.root / "results/tiny/runs/n40-s0/unet/seed1/measures.parquet")
    row = measures.query("measure == 'nearest_distance' and space == 'pixel'").iloc[0]
    for suffix, name in (("", "value"), ("_low", "low"), ("_high", "high")):
        assert run.data.metrics[f"nearest_distance{suffix}"] == pytest.approx(row[name])
    curve = client.get_metric_history(run.info.run_id, "loss")
    assert [point.step for point in curve] == list(range(1, 21))
    assert {artifact.path for artifact in client.list_artifacts(run.info.run_id)} == {"gallery.png", "model.safetensors"}

    done.snakemake("--configfile", "mine.yaml", "--forcerun", "track")
    assert json.loads((done.root / "results/tiny/mlflow.json").read_text()) == ids
    assert len(client.search_runs([experiment], max_results=1000)) == RUNS + 1

    store_file.unlink()
    assert done.planned(done.root / "mine.yaml") == {"track": 1, "all": 1}
    done.snakemake("--configfile", "mine.yaml")
    again = json.loads((done.root / "results/tiny/mlflow.json").read_text())
    assert set(again) == set(ids)
    assert not set(again.values()) & set(ids.values())
    assert done.planned(done.root / "mine.yaml") == {}


def test_a_dead_server_fails_tracking_alone_in_one_sentence(done):
    config = done.config("dead.yaml", seeds=[0, 1], tracking={"uri": "http://127.0.0.1:9"})
    failed = done.snakemake("--configfile", config, check=False)
    assert failed.returncode != 0
    assert "tracking.uri: found no working MLflow store at http://127.0.0.1:9" in failed.stdout
    assert "Traceback" not in failed.stdout
    done.snakemake("--configfile", "mine.yaml")
    assert done.planned(done.root / "mine.yaml") == {}


def test_a_broken_control_fails_the_check_and_is_named(done, tmp_path):
    tables = done.root / "results/tiny"
    rows = store.read(tables / "controls.parquet").to_pandas()
    row = rows.index[(rows["measure"] == "memorised_cluster") & (rows["control"] == "copier")][0]
    rows.loc[row, ["value", "low", "high", "held"]] = [0.4, 0.3, 0.5, False]
    rows.to_parquet(tmp_path / "controls.parquet")
    command = [sys.executable, "workflow/scripts/run.py", "check", "--campaign", "tiny", "--code", "x"]
    command += ["--settings", '{"repeats": false}', "--controls", tmp_path / "controls.parquet"]
    command += ["--measures", tables / "measures.parquet", "--checked", tmp_path / "out"]
    failed = done.run(command, check=False)
    assert failed.returncode == 1
    assert "memorised_cluster of the control copier is 0.4 [0.3, 0.5], must be 0.99 to 1" in failed.stdout
    assert not (tmp_path / "out").exists()


def test_a_training_that_diverges_is_a_result_and_stops_nothing(new_checkout):
    checkout = new_checkout()
    denoisers = {"bayes": {"family": "bayes"}, "wild": {"family": "mlp", "width": 16, "depth": 1}}
    training = {"steps": 40, "batch_size": 8, "learning_rate": 1.0e30, "warmup": 0.0, "device": "cpu"}
    subsets = {"sizes": [20], "heldout": 40, "reference": 60}
    checkout.snakemake("--configfile", checkout.config(denoisers=denoisers, training=training, subsets=subsets))
    runs = pd.read_parquet(checkout.root / "results/tiny/runs.parquet").set_index("denoiser")
    assert runs["status"]["wild"] == "diverged"
    folder = checkout.root / "results/tiny/runs/n20-s0/wild/seed0"
    for name in (
        "samples",
        "neighbours",
        "provenance",
        "sample_measures",
        "measures",
        "convergence",
        "explained",
        "receptive_field",
    ):
        assert len(store.read(folder / f"{name}.parquet")) == 0, name
    assert not np.isfinite(store.read(folder / "history.parquet")["loss"].to_pylist()[-1])
    assert "no samples" in (checkout.root / "results/tiny/figures/gallery-n20-s0.svg").read_text()
    assert set(store.read(checkout.root / "results/tiny/measures.parquet")["denoiser"].to_pylist()) == {"bayes", *CONTROLS}


def read(done, name):
    return pd.read_parquet(done.root / f"results/tiny/{name}.parquet")


def test_each_training_image_is_disguised_in_each_way_and_searched_in_each_space(done):
    disguised, unmask = read(done, "subsets/n40-s0/disguised"), read(done, "subsets/n40-s0/disguises")
    assert len(disguised) == 40 * len(KINDS)
    assert set(unmask["space"]) == {*SEARCHED, ANY}
    assert (unmask["count"] == 40).all()
    disguises = read(done, "disguises")
    assert disguises.groupby("subset").size().to_dict() == {
        subset: (len(SEARCHED) + 1) * len(KINDS) for subset in ("n20-s0", "n40-s0")
    }
    pixel = disguises.query("space == 'pixel' and subset == 'n40-s0'").set_index("kind")["found"]
    assert pixel["mirror"] == 1  # mirror images of the training set count


def test_judges_are_asked_about_every_control(done):
    judges = read(done, "judges")
    assert set(judges["control"]) == set(CONTROLS)
    assert set(judges["judge"]) == {"judge", "range"}  # the tiny campaign has no critic
    judge = judges[(judges["judge"] == "judge") & (judges["subset"] == "n40-s0")].set_index("control")["real"]
    measures = read(done, "measures").query("subset == 'n40-s0' and measure == 'real' and kind == 'control'")
    assert judge.to_dict() == measures.set_index("denoiser")["value"].to_dict()


def test_each_sample_has_one_class_and_the_shares_add_up(done):
    measures = read(done, "measures")
    shares = measures[measures["measure"].isin([column(name) for name in NAMES])].groupby(["subset", "denoiser", "seed"])["value"]
    assert (shares.size() == len(NAMES)).all()
    assert ((shares.sum() - 1).abs() < 1e-9).all()
    copier = measures.query("measure == 'class_copy' and denoiser == 'copier'")["value"]
    assert (copier == 1).all()
