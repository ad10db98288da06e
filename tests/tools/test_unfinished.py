"""Which runs of an unfinished campaign are left out of its summaries."""

import re
import sys

import unfinished
from checkout import ROOT

from creativity.running.why import Planned

sys.path.insert(0, str(ROOT / "workflow/scripts"))


def test_a_run_is_missing_when_any_of_its_jobs_would_run():
    wildcards = {"campaign": "one", "subset": "n20-s0", "denoiser": "mlp", "seed": "1"}
    of_run = [Planned(rule, wildcards, "", "", []) for rule in ("train", "sample")]
    jobs = [*of_run, Planned("summarise", {"campaign": "one"}, "", "", [])]
    assert unfinished.missing_runs(jobs) == {"one": ["n20-s0/mlp/seed1"]}


def test_summaries_are_the_rules_that_make_nothing_of_one_run_or_subset():
    text = "\n".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    rules = {
        name: body.split("log:")[0] for name, body in re.findall(r"^rule (\w+):(.*?)(?=^rule |\Z)", text, re.MULTILINE | re.DOTALL)
    }
    of_campaigns = {name for name, body in rules.items() if "s/{subset}" not in body.partition("output:")[2]}
    assert of_campaigns - {"reference", "critic", "features", "paper", "figures"} == set(unfinished.SUMMARIES) - {"all"}
