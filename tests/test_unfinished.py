"""Summaries without the runs that are not up to date: a denoiser without all its seeds makes no claim, and pairs leave gaps."""

import json
import re
import subprocess
import sys

import made_up
import pandas as pd
import pytest
from checkout import ROOT

from creativity import store
from creativity.campaign.layout import keys_in, runs
from creativity.measures.pairs import PAIR
from creativity.running.why import Planned

sys.path.insert(0, str(ROOT / "workflow/scripts"))
import unfinished

GONE = "n20-s0/unet-pool1/seed2"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "campaign"
    campaign = made_up.campaign(folder, seeds=(0, 1, 2))
    for run in runs(campaign):
        store.write(run.file(folder, "explained.parquet"), {"other": store.TEXT} | PAIR, [], made_up.STAMP)
    for path in folder.joinpath("runs", GONE).iterdir():
        path.write_bytes(b"broken: nobody may read it")
    (folder / "missing.json").write_text(json.dumps([GONE]))
    return folder


def table(root, script):
    """The table that a script makes of a campaign without the runs in missing.json."""
    out = root / f"{script}.parquet"
    options = ["--campaign", "campaign", "--code", "code", "--params", "{}", "--config", root / "config.yaml"]
    command = [sys.executable, ROOT / f"workflow/scripts/{script}.py", *options, "--missing", root / "missing.json", "--out", out]
    subprocess.run(list(map(str, command)), check=True)
    return pd.read_parquet(out)


def test_no_claim_is_made_of_a_denoiser_without_all_its_seeds(root):
    found = table(root, "claims")
    assert set(found["a"]) | set(found["b"]) == {"unet-pool0", "unet-pool2", "bayes"}
    assert set(found["seeds"]) == {3}


def test_pairs_are_those_of_the_runs_that_are_there(root):
    found = table(root, "pairs")
    both = set(zip(found["a"], found["seed_a"], strict=True)) | set(zip(found["b"], found["seed_b"], strict=True))
    assert ("unet-pool1", 1) in both
    assert ("unet-pool1", 2) not in both
    assert len(both) == 1 + 3 * 3 - 1


def test_a_run_is_missing_when_any_of_its_jobs_would_run():
    wildcards = {"campaign": "one", "subset": "n20-s0", "denoiser": "mlp", "seed": "1"}
    of_run = [Planned(rule, wildcards, "", "", []) for rule in ("train", "sample")]
    jobs = [*of_run, Planned("summarise", {"campaign": "one"}, "", "", [])]
    assert unfinished.missing_runs(jobs) == {"one": ["n20-s0/mlp/seed1"]}


def test_without_a_file_nothing_is_missing(root):
    assert keys_in() == set()
    assert keys_in(root / "missing.json") == {GONE}


def test_summaries_are_the_rules_that_make_nothing_of_one_run_or_subset():
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    rules = {
        name: body.split("log:")[0] for name, body in re.findall(r"^rule (\w+):(.*?)(?=^rule |\Z)", text, re.MULTILINE | re.DOTALL)
    }
    of_campaigns = {name for name, body in rules.items() if "s/{subset}" not in body.partition("output:")[2]}
    assert of_campaigns - {"reference", "critic", "features", "paper", "figures"} == set(unfinished.SUMMARIES) - {"all"}
