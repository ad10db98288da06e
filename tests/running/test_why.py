"""Snakemake's reasons in the words of `make why`."""

import json

import pytest

from creativity.running import code_hash as codehash
from creativity.running.why import Planned, changes, reasons, words

BEFORE, NOW = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture(autouse=True)
def known(tmp_path, monkeypatch):
    monkeypatch.setattr(codehash, "KNOWN", tmp_path)
    codehash.remember(BEFORE, {"train.py": "1", "creativity/train.py": "1", "creativity/old.py": "1"})
    codehash.remember(NOW, {"train.py": "1", "creativity/train.py": "2", "creativity/new.py": "1"})


def params(before, now):
    """As Snakemake 9.27 words it: representations of all parameters that only one side has, in no order."""
    told = (",".join(map(repr, side)) or "<nothing exclusive>" for side in (before, now))
    union = "Params have changed since last execution: Union of exclusive params before and now across all output: "
    return union + "before: {} now: {} ".format(*told)


def as_json(**settings):
    return json.dumps(settings, sort_keys=True)


def test_changed_code_is_told_by_its_files():
    assert words(params([BEFORE], [NOW]), {}) == "the code changed: creativity/new.py, creativity/old.py, creativity/train.py"
    assert words(params(["1" * 16], [NOW]), {}) == "the code changed"  # nobody took note of what it was


def test_changed_settings_are_told_by_their_keys():
    before = as_json(
        family={"family": "mlp", "width": 8, "name": "it's"}, training={"steps": 10, "checkpoints": [0.5, 1.0]}, seed=0
    )
    now = as_json(family={"family": "mlp", "width": 9, "name": "it's"}, training={"steps": 20, "checkpoints": [1.0]})
    expected = "family.width was 8, is 9; seed was 0, is not set; "
    expected += "training.checkpoints was [0.5, 1.0], is [1.0]; training.steps was 10, is 20"
    assert words(params([before], [now]), {}) == expected


def test_code_and_settings_may_change_at_once():
    found = words(params([BEFORE, as_json(a=1)], [as_json(a=2), NOW]), {})
    assert found == "the code changed: creativity/new.py, creativity/old.py, creativity/train.py; a was 1, is 2"
    assert changes([], ["--model x"]) == ["its settings changed"]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Forced execution", "it is forced"),
        ("Missing output files: a/b.parquet, c", "its results are missing"),
        ("Incomplete output files: a", "it was interrupted"),
        ("Updated input files: a/b.parquet", "a/b.parquet changed"),
        ("Set of input files has changed since last execution", "it has other inputs than before"),
        ("Code has changed since last execution", "its rule changed"),
        ("Input files updated by another job: a, b, c", "its input is made anew by sample, train"),
        ("Missing output files: x; Input files updated by another job: a", "its results are missing"),
        ("Something new in Snakemake", "Something new in Snakemake"),
    ],
)
def test_each_reason_has_its_words(reason, told):
    assert words(reason, {"a": "train", "b": "sample", "c": "train"}) == told


def test_jobs_are_gathered_by_rule_and_reason():
    missing, follows = "Missing output files: x", "Input files updated by another job: m0"
    jobs = [Planned("train", {}, f"train net {i}", missing, [f"m{i}"]) for i in range(5)]
    jobs += [Planned("sample", {}, "draw", follows, ["s"]), Planned("all", {}, "done", "", [])]
    assert reasons(jobs) == [
        "6 jobs would run.",
        "train: 5 jobs, because its results are missing",
        "    train net 0",
        "    train net 1",
        "    train net 2",
        "    ... and 2 more",
        "sample: 1 job, because its input is made anew by train",
        "    draw",
    ]
    assert reasons([Planned("all", {}, "done", "", [])]) == ["Nothing would run: all results are up to date."]
