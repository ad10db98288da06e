"""Large campaigns: how long they take to plan, what a failed run does to the others, and summaries of what there is."""

import json
import os
import re
import subprocess
import sys

import pandas as pd
import pytest
from checkout import TINY

from creativity.families.control import CONTROLS

pytestmark = pytest.mark.long
CPU, MEMORY = 60, 2 * 2**20  # seconds of the processor, KiB


def test_two_thousand_runs_are_planned_within_a_minute_and_two_gigabytes(new_checkout):
    checkout = new_checkout()
    subsets = {"sizes": [10, 20, 40, 60, 80], "seeds": [0, 1, 2, 3], "heldout": 40, "reference": 60}
    families = ({"family": "mlp", "depth": 2}, {"family": "cnn"}, {"family": "unet"})
    denoisers = {f"net-{i}": {**families[i % 3], "width": 4 + i} for i in range(19)}
    config = checkout.config("large.yaml", campaign="large", subsets=subsets, denoisers=denoisers, seeds=[0, 1, 2, 3, 4])
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "--profile", "slurm", "--configfile", config]
    started = subprocess.Popen(command, cwd=checkout.root, env=checkout.environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(started.pid, 0)
    assert status == 0
    assert used.ru_utime + used.ru_stime < CPU
    assert used.ru_maxrss < MEMORY


COUNTING = """
import collections, inspect, json, runpy, sys
asked, whole = collections.Counter(), inspect._signature_from_function

def counted(cls, function, *args, **options):
    asked[function.__code__.co_filename.rpartition("/")[2], function.__qualname__] += 1
    return whole(cls, function, *args, **options)

inspect._signature_from_function = counted
try:
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
finally:
    print("asked:" + json.dumps([[*name, count] for name, count in asked.items()]))
"""


def test_no_function_of_the_rules_is_asked_for_its_parameters_by_each_job(new_checkout):
    checkout = new_checkout()
    options = ("--dry-run", "--quiet", "--profile", "slurm", "--configfile", checkout.config())
    said = checkout.run([sys.executable, "-c", COUNTING, *map(str, options)]).stdout
    asked = {(file, name): count for file, name, count in json.loads(said.split("asked:")[1])}
    of_rules = {name: count for name, count in asked.items() if name[0].endswith(".smk")}
    rules = len(list(checkout.root.glob("workflow/scripts/jobs/*.py")))
    assert len(of_rules) > 20
    # A factory's functions bear one name: once a rule, and not once a job.
    assert not {name: count for name, count in of_rules.items() if count > rules + 5}
    assert asked["resources.py", "Resource.evaluate"] == 1


MAKING = """
import runpy
from snakemake import jobs
made, whole = [], jobs.Job.__init__

def counted(self, *args, **options):
    made.append(1)
    whole(self, *args, **options)

jobs.Job.__init__ = counted
try:
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)
finally:
    print("made:" + str(len(made)))
"""


@pytest.mark.parametrize("together", [False, True])
def test_planning_makes_no_jobs_that_are_not_planned(new_checkout, together):
    """Where a rule for one run fits what another makes for many, each run has a job that is thrown away: most of the memory."""
    checkout = new_checkout()
    config = checkout.config(seeds=[0, 1, 2], training=TINY["training"] | {"together": together})
    options = ("--dry-run", "--quiet", "--profile", "profiles/local", "--configfile", str(config))
    made = int(checkout.run([sys.executable, "-c", MAKING, *options]).stdout.split("made:")[1])
    assert made == sum(checkout.planned(config).values())


def report(checkout, config, check=True):
    """What `make report` says."""
    options = ("--profile", "profiles/local", "--cores", "2", "--configfile", str(config))
    return checkout.run(["env", "PYTHONPATH=workflow/scripts:tools", sys.executable, "tools/unfinished.py", *options], check)


def test_where_nothing_has_run_there_is_nothing_to_report(new_checkout):
    checkout = new_checkout()
    done = report(checkout, checkout.config(), check=False)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "mine.yaml: no run is up to date yet, so there is nothing to report."
    assert not (checkout.root / "results").exists()


def test_only_make_report_leaves_runs_out(new_checkout):
    checkout = new_checkout()
    done = checkout.snakemake("--dry-run", "--configfile", checkout.config(partial=True), check=False)
    assert done.stdout.splitlines()[-1].startswith("mine.yaml: partial: found")


@pytest.fixture(scope="module")
def broken(new_checkout):
    """A campaign in which one family fails, run as far as it goes; what was said; and what `make report` said then."""
    checkout = new_checkout()
    checkout.edit("workflow/scripts/creativity/denoisers/cnn.py", "    return Preconditioned(", "    return 1 / 0, Preconditioned(")
    denoisers = {name: TINY["denoisers"][name] for name in ("bayes", "mlp", "cnn")}
    config = checkout.config(subsets=TINY["subsets"] | {"sizes": [20]}, denoisers=denoisers)
    ran = checkout.snakemake("--configfile", config, check=False)
    return checkout, ran, report(checkout, config)


def test_a_failed_run_does_not_stop_the_others(broken):
    checkout, ran, _ = broken
    assert ran.returncode != 0
    assert "ZeroDivisionError" in ran.stdout
    assert "`make report` draws up the summaries without the runs that failed or are missing." in ran.stdout
    there = {path.parent.parent.name for path in checkout.root.glob("results/tiny/runs/n20-s0/*/seed0/measures.parquet")}
    assert there == {"bayes", "mlp", *CONTROLS}


def test_the_plan_came_before_the_first_job(broken):
    _, ran, _ = broken
    plan = ran.stdout.index("profile  profiles/local (executor local, at most 2 cores at once)")
    first = re.search(r"Job \d+: ", ran.stdout).start()
    assert plan < first
    assert "GPUs     none are asked for" in ran.stdout
    assert "MLflow   results/mlflow/mlflow.db" in ran.stdout
    assert "by counted operations" in ran.stdout


def test_the_summaries_are_those_of_the_others_and_name_what_is_missing(broken):
    checkout, _, reported = broken
    assert "tiny: without 1 of its runs, missing or not up to date: n20-s0/cnn/seed0." in reported.stdout
    root = checkout.root / "results/tiny"
    status = pd.read_parquet(root / "runs.parquet").set_index("denoiser")["status"]
    assert status["cnn"] == "missing"
    assert (status.drop("cnn") != "missing").all()
    assert len(status) == 3 + len(CONTROLS)
    for name in ("measures", "convergence", "receptive_fields"):
        assert "cnn" not in set(pd.read_parquet(root / f"{name}.parquet")["denoiser"])
    pairs = pd.read_parquet(root / "pairs.parquet")
    assert set(pairs["a"]) | set(pairs["b"]) == {"bayes", "mlp"}
    assert (root / "figures/gallery-n20-s0.svg").exists()
    assert "ZeroDivisionError" in (root / "report.html").read_text()
    assert (root / "mlflow.json").read_text().count("seed0") == 2 + len(CONTROLS)


def test_what_is_left_to_do_is_what_failed_and_the_summaries(broken):
    checkout, _, _ = broken
    planned = checkout.plan("mine.yaml")
    of_runs = {f"{rule} cnn" for rule in ("train", "sample", "converge", "explain", "neighbours", "judge", "measure")}
    assert {job for job in planned if job.split()[-1] in {"bayes", "mlp", "cnn"}} == of_runs
    assert not [job for job in planned if "control" in job]
    assert {"summarise", "pairs", "claims", "report", "track"} <= planned.keys()
    less = {name: TINY["denoisers"][name] for name in ("bayes", "mlp")}
    without = checkout.config("without.yaml", subsets=TINY["subsets"] | {"sizes": [20]}, denoisers=less)
    assert {"summarise", "pairs", "claims", "report", "track"} <= checkout.plan(without).keys()
