"""Which runs of an unfinished campaign are left out of its summaries."""

import re

from checkout import ROOT

import unfinished
from creativity.running.why import Planned


def test_a_run_is_missing_when_any_of_its_jobs_would_run():
    folder = "results/one/runs/n20-s0/mlp"
    of_run = [Planned("sample", {}, "", "", [f"{folder}/seed1/samples.parquet"])]
    of_runs = [Planned("train_together", {}, "", "", [f"{folder}/seed{seed}/model.safetensors" for seed in (1, 2)])]
    others = [
        Planned("summarise", {}, "", "", ["results/one/runs.parquet"]),
        Planned("explain_seeds", {}, "", "", [f"{folder}/seeds.parquet"]),
    ]
    assert unfinished.missing_runs([*of_run, *others]) == {"one": ["n20-s0/mlp/seed1"]}
    assert unfinished.missing_runs([*of_runs, *of_run]) == {"one": ["n20-s0/mlp/seed1", "n20-s0/mlp/seed2"]}


def test_summaries_are_the_rules_that_make_nothing_of_one_run_or_subset():
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    found = re.findall(r"^(?:rule|use rule \w+ as) (\w+)(?: with)?:(.*?)(?=^rule |^use rule |\Z)", text, re.MULTILINE | re.DOTALL)
    rules = {name: body.split("pathvars:")[0] for name, body in found if name != "job"}
    of_runs = ("s/{subset}", "of_all_seeds(", "of_all_controls(")
    of_campaigns = {name for name, body in rules.items() if not any(words in body.partition("output:")[2] for words in of_runs)}
    made_first = {"reference", "fit_spaces", "probe", "train_judge", "critic", "features", "paper", "figures"}
    of_all_trainings = {"explain_seeds"}  # of one denoiser on one subset
    assert of_campaigns - made_first == set(unfinished.SUMMARIES) - {"all"} - of_all_trainings
