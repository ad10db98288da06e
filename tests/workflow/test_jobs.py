"""The rules and the jobs fit: whatever a rule names is a file that its job takes, and every job has its rule."""

import json
import re
import shlex
import sys
from collections import defaultdict
from importlib import import_module
from inspect import signature

import numpy as np
import pytest
from checkout import ROOT, TINY
from PIL import Image

from creativity.families.control import CONTROLS
from creativity.running.job import parser

JOBS = sorted(path.stem for path in (ROOT / "workflow/scripts/jobs").glob("*.py") if path.stem != "__init__")
SCRIPT = """
import json, sys, why
print("jobs:" + json.dumps([[job["rule_name"], job["shellcmd"]] for job in why.dry_run(sys.argv[1:])]))
"""
DENOISERS = TINY["denoisers"] | {
    "follower": {"family": "local", "patch": "unet"},
    "theirs": {"family": "external", "path": "samples"},
    "own": {"family": "module", "file": "config/my_unet.py", "options": {"width": 4}, "train": True},
}
EVERYTHING = {  # a study of one target, with all that a campaign may have
    **{key: value for key, value in TINY.items() if key != "dataset"},
    "targets": {"faces": TINY["dataset"]},
    "denoisers": DENOISERS,
    "critic": {"steps": 4},
    "seeds": [0, 1, 2],
    "training": TINY["training"] | {"log_checkpoints": 2},
    "features": {"extractor": "inception", "weights": "weights.pth"},
}
TOGETHER = TINY | {
    "subsets": TINY["subsets"] | {"seeds": [0, 1]},
    "seeds": [0, 1, 2],
    "training": TINY["training"] | {"together": True, "log_checkpoints": 3},
    "critic": {"steps": 4},
    "features": EVERYTHING["features"],
}
OF_RUN = re.compile(r"/(n\d+-s\d+)(/[^/]+/seed\d+)?/")
IN_TURN = ("sample", "converge", "explain", "neighbours", "judge", "measure")  # done for runs that are trained together
OF_CONTROLS = ("neighbours", "judge", "measure")  # done for all controls of a subset
OF_SOME = {"critic", "sample_features", "train_features", "reference_features"}  # of campaigns with critics, and an extractor
TURNS = [*((rule, "together", 6) for rule in IN_TURN), *((rule, "controls", len(CONTROLS)) for rule in OF_CONTROLS)]  # 2 x 3 seeds


@pytest.fixture(scope="module")
def commands(new_checkout):
    """The commands of all jobs of dry runs in which every rule has a job: {rule: [words, ...]}."""
    checkout, found = new_checkout(), defaultdict(list)
    (checkout.root / "samples").mkdir()
    for i in range(40):
        Image.fromarray(np.full((8, 8), i, np.uint8)).save(checkout.root / f"samples/{i:02}.png")
    (checkout.root / "weights.pth").touch()
    (checkout.root / ".snakemake/missing").mkdir(parents=True)
    (checkout.root / ".snakemake/missing/tiny.json").write_text('["n20-s0/unet/seed0"]')
    path = checkout.root / "mine.yaml"
    for config, targets, options in (
        (EVERYTHING, ["all", "figures"], []),
        (TOGETHER, [], []),
        (TINY, [], ["--config", "partial=true"]),
    ):
        path.write_text(json.dumps(config))
        words = [*targets, "--profile", "profiles/local", "--cores", "2", "--configfile", str(path), *options]
        said = checkout.run(["env", "PYTHONPATH=workflow/scripts:tools", sys.executable, "-c", SCRIPT, *words]).stdout
        for rule, shell in json.loads(said.split("jobs:")[-1]):
            if shell:
                found[rule].append(words_of(shell))
    return found


def words_of(shell):
    """The words after run.py, as the job is given them, without its log."""
    words = shlex.split(shell.split("workflow/scripts/run.py", 1)[1])
    return words[: words.index("2>")]


def files_of(rule):
    function = getattr(import_module(f"jobs.{rule}"), rule)
    return function, {name: parameter for name, parameter in signature(function).parameters.items() if name != "job"}


def test_every_rule_has_its_job_and_every_job_its_rule(commands):
    assert sorted(commands) == sorted([*JOBS, *(f"{rule}_{of}" for rule, of, _ in TURNS)])


@pytest.mark.parametrize(("rule", "of", "runs"), TURNS)
def test_a_job_of_several_runs_has_the_files_of_each_in_the_same_order_and_what_they_share_once(commands, rule, of, runs):
    (function, files), named = files_of(rule), set()
    for words in commands[f"{rule}_{of}"]:
        known = vars(parser(function, files, in_turn=True).parse_args(words[1:]))
        given = {name: known[name] for name in files if known[name]}
        assert {len(paths) for paths in given.values() if "/runs/" in str(paths[0])} == {runs}
        assert [paths for paths in given.values() if len(set(paths)) < len(paths)] == []  # what runs share stands once
        for i in range(runs):
            files_of_run = [paths[i * len(paths) // runs] for paths in given.values()]
            places = {found.groups() for path in files_of_run if (found := OF_RUN.search(str(path)))}
            assert len({subset for subset, _ in places}) == 1  # of one subset, and of one run
            assert len({run for _, run in places if run}) == 1
        named |= set(given)
        lacking = set(files) - {"patches"} - set(given)  # patches: of calibrated denoisers alone
        assert not lacking or (of == "controls" and lacking == OF_SOME & set(files))
    assert named == set(files) - {"patches"}


@pytest.mark.parametrize("rule", JOBS)
def test_the_files_that_a_rule_names_are_those_that_its_job_takes(commands, rule):
    function, files = files_of(rule)
    given = set()
    for name, *words in commands[rule]:
        assert name == rule
        known = vars(parser(function, files).parse_args(words))  # ends the test where a file is unknown, missing or too many
        given |= {file for file in files if known[file] is not None}
    assert given == set(files)  # no file of a job is one that no rule ever names
