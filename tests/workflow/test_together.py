"""A denoiser trained on all subsets of a size with all seeds in one job, as the workflow does it."""

import re
import sys

import numpy as np
import pytest
from checkout import TINY

from creativity import store
from creativity.denoisers.state import load_state

pytestmark = pytest.mark.long
NETS = ("mlp", "cnn", "unet")
RUNS = [f"results/tiny/runs/n20-s{subset}/{name}/seed{seed}" for subset in range(2) for name in NETS for seed in range(3)]
MODELS = [f"{run}/model.safetensors" for run in RUNS]


def of(checkout, together, *nets, seeds=(0, 1)):
    """seeds: of the choice of training images."""
    training = TINY["training"] | {"together": together}
    subsets = {"sizes": [20], "seeds": [*seeds], "heldout": 40, "reference": 60}
    denoisers = {name: TINY["denoisers"][name] for name in nets}
    return checkout.config(seeds=[0, 1, 2], subsets=subsets, training=training, denoisers=denoisers)


def script(checkout, name, config):
    options = ("--profile", "profiles/local", "--cores", "2", "--configfile", str(config))
    return checkout.run(["env", "PYTHONPATH=workflow/scripts:tools", sys.executable, f"tools/{name}", *options])


def test_a_denoiser_is_trained_in_one_job_and_each_run_is_what_it_is_alone(new_checkout):
    both = {}
    for together in (False, True):
        checkout = both[together] = new_checkout()
        config = of(checkout, together, *NETS)
        planned = checkout.planned(config)
        assert (planned["train"], planned["train_together"]) == ((0, 3) if together else (18, 0))
        checkout.snakemake(*MODELS, "--configfile", config)
        assert checkout.plan(config, *MODELS) == {}
    hashes = set()
    for run in RUNS:
        alone, group = (both[each].root / run for each in (False, True))
        weights, others = (load_state(folder / "model.safetensors") for folder in (alone, group))
        for name, value in weights.items():
            np.testing.assert_allclose(others[name], value, rtol=1e-2, atol=1e-3)
        hashes.add(store.footer(group / "history.parquet")["content_hash"])
    assert len(hashes) == 18


FOLLOWING = (
    "samples",
    "convergence",
    "explained",
    "receptive_field",
    "neighbours",
    "provenance",
    "judged",
    "measures",
    "sample_measures",
)


def test_what_follows_is_done_in_one_job_a_rule_and_each_run_is_what_it_is_alone(new_checkout):
    """The same models, first with a job for each run, then with one for all: every table is the same, value for value."""
    checkout, files = new_checkout(), [f"{run}/{name}.parquet" for run in RUNS if "/mlp/" in run for name in FOLLOWING]
    models = [path for path in MODELS if "/mlp/" in path]
    together = of(checkout, True, "mlp", "linear")
    checkout.snakemake(*models, "--configfile", together)
    config = of(checkout, False, "mlp", "linear")
    checkout.snakemake("--touch", *models, "--configfile", config)
    checkout.snakemake(*files, "--configfile", config)
    alone = {name: store.read(checkout.root / name).to_pandas() for name in files}
    for name in files:
        (checkout.root / name).unlink()
    together = of(checkout, True, "mlp", "linear")
    checkout.snakemake("--touch", *models, "--configfile", together)
    planned = checkout.plan(together, *files)
    assert {rule: planned[f"{rule} mlp"] for rule in ("sample_together", "judge_together", "measure_together")} == {
        "sample_together": 1,
        "judge_together": 1,
        "measure_together": 1,
    }
    assert not {"sample mlp", "judge mlp", "measure mlp", "train_together mlp"} & set(planned)
    checkout.snakemake(*files, "--configfile", together)
    assert [name for name in files if not store.read(checkout.root / name).to_pandas().equals(alone[name])] == []
    assert checkout.plan(together, *files) == {}


def test_make_report_and_the_plan_know_trainings_of_several_seeds(new_checkout):
    checkout = new_checkout()
    config = of(checkout, True, "mlp", "cnn", seeds=[0])
    said = script(checkout, "plan.py", config)
    assert "Traceback" not in said.stdout
    assert re.search(r"\btrain_together 2\b", said.stdout), said.stdout
    (checkout.root / "workflow/scripts/creativity/denoisers/cnn.py").write_text("raise RuntimeError('broken')\n")
    checkout.snakemake("--configfile", config, check=False)
    said = script(checkout, "unfinished.py", config)
    assert "n20-s0/cnn/seed2" in said.stdout
    assert "3 of its runs" in said.stdout
    runs = store.read(checkout.root / "results/tiny/runs.parquet").to_pandas().set_index(["denoiser", "seed"])["status"]
    assert runs["cnn"].tolist() == ["missing"] * 3
    assert runs["mlp"].tolist() == ["trained"] * 3
