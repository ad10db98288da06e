"""Any job can be run by hand."""

import json
import subprocess
import sys

import pytest
import yaml
from checkout import ROOT

import run

SCRIPT = [sys.executable, ROOT / "workflow/scripts/run.py"]
JOBS = sorted(path.stem for path in (ROOT / "workflow/scripts/jobs").glob("*.py") if path.stem != "__init__")


def test_a_job_is_run_by_the_name_of_its_rule(tmp_path):
    settings = {"campaign": "one", "seeds": [0, 1]}
    words = ["--campaign", "one", "--code", "x", "--settings", json.dumps(settings), "--config", tmp_path / "config.yaml"]
    subprocess.run([*SCRIPT, "resolve", *words], check=True, cwd=tmp_path)
    assert yaml.safe_load((tmp_path / "config.yaml").read_text()) == settings


@pytest.mark.parametrize(("words", "found"), [([], "no rule"), (["drain"], "drain"), (["__init__"], "__init__")])
def test_a_rule_without_a_job_is_told_which_there_are(words, found):
    with pytest.raises(SystemExit) as ended:
        run.main(words)
    assert ended.value.code == f"run.py: found {found}; allowed: {', '.join(JOBS)}."


def test_a_job_is_run_for_several_runs_by_the_name_of_its_rule_with_together_or_controls(monkeypatch):
    called = []
    monkeypatch.setattr(run.job, "run", lambda *given: called.append((given[0].__name__, *given[1:])))
    for name in ("sample_together", "measure_controls", "train_together", "sample"):
        run.main([name, "--campaign", "one"])
    options = ["--campaign", "one"]
    turns = {"sample": True, "measure": True, "train_together": False}
    assert called == [*((name, options, in_turn) for name, in_turn in turns.items()), ("sample", options, False)]


def test_help_names_the_files_of_a_job(capsys):
    with pytest.raises(SystemExit) as ended:
        run.main(["calibrate", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith("usage: run.py calibrate ")
    assert all(f"--{name}" in told for name in ("model", "train", "patches", "settings", "threads"))
