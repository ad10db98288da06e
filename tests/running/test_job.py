"""A job's function is its command line; what it is given says what its results depend on, and stands in what it writes."""

import json
from inspect import signature
from pathlib import Path

import numpy as np
import pytest

from creativity import store
from creativity.campaign.sections import Sampling, Training
from creativity.errors import UserError
from creativity.families.unet import Unet
from creativity.running import job as running
from creativity.running.job import Job, content_hash, parser
from creativity.store.weights import write_weights

GIVEN = ["--campaign", "one", "--code", "abc"]
seen = {}


def example(job: Job, *, samples: Path, train_sets: list[Path], out: Path, critic: Path | None = None) -> None:
    """An example of a job."""
    seen.update(job=job, samples=samples, train_sets=train_sets, out=out, critic=critic)


def run(*words):
    seen.clear()
    running.run(example, [*GIVEN, *words])
    return seen


FILES = ["--samples", "s.parquet", "--train-sets", "a", "b", "--out", "o"]


def test_files_come_by_their_names_one_several_or_none():
    found = run(*FILES)
    assert found["samples"] == Path("s.parquet")
    assert found["train_sets"] == [Path("a"), Path("b")]
    assert found["critic"] is None
    assert run(*FILES, "--critic", "c")["critic"] == Path("c")
    assert run("--samples", "s", "--train-sets", "a", "--out", "o")["train_sets"] == [Path("a")]


def test_a_job_has_its_settings_and_what_decides_no_result():
    assert run(*FILES)["job"] == Job(campaign="one", code="abc")
    settings = {"sampling": {"count": 8}, "list": [1, None, "it's"]}
    also = ["--threads", "3", "--device", "cuda:1", "--batch-size", "64", "--places", '{"family": {"path": "x"}}', "--live", "y"]
    found = run(*FILES, "--settings", json.dumps(settings), *also)["job"]
    expected = Job(
        campaign="one",
        code="abc",
        settings=settings,
        threads=3,
        device="cuda:1",
        batch_size=64,
        places={"family": {"path": "x"}},
        live="y",
    )
    assert found == expected


def test_several_runs_are_done_one_after_the_other(capsys, tmp_path):
    called = []

    def of_one(job: Job, *, samples: Path, out: Path, critic: Path | None = None) -> None:
        called.append((job.threads, samples, out, critic))

    running.run(of_one, [*GIVEN, "--threads", "2", "--samples", "a", "b", "--out", "c", "d"], in_turn=True)
    assert called == [(2, Path("a"), Path("c"), None), (2, Path("b"), Path("d"), None)]
    for path in (first := tmp_path / "first", second := tmp_path / "second"):
        path.touch()
    running.run(of_one, [*GIVEN, "--samples", str(first), str(second), "--out", *"abcd", "--critic", str(first)], in_turn=True)
    assert called[2:] == [
        (1, samples, Path(out), first) for samples, out in zip([first, first, second, second], "abcd", strict=True)
    ]
    for samples, out in ((["a", "b"], ["c"]), (["a"], ["b", "c"]), ([str(first), str(second)], ["a", "b", "c"])):
        with pytest.raises(SystemExit):
            running.run(of_one, [*GIVEN, "--samples", *samples, "--out", *out], in_turn=True)
        said = f"found numbers of files {{'samples': {len(samples)}, 'out': {len(out)}}}; allowed: as many of each, or fewer"
        assert said in capsys.readouterr().err
    assert len(called) == 6


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (FILES[2:], "--samples"),
        (FILES[:2] + FILES[-2:], "--train-sets"),
        ([*FILES, "--judge", "c"], "unrecognized arguments: --judge c"),
        ([*FILES, "--crit", "c"], "unrecognized arguments: --crit c"),
        ([*FILES[:2], "more", *FILES[2:]], "unrecognized arguments: more"),
        ([*FILES, "--critic"], "--critic"),
        ([*FILES, "--settings", "{"], "--settings"),
    ],
)
def test_a_file_that_is_missing_unknown_or_too_many_ends_the_job_before_it_begins(words, said, capsys):
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert seen == {}


def test_the_help_names_every_file_and_says_what_the_job_does():
    files = {name: parameter for name, parameter in signature(example).parameters.items() if name != "job"}
    text = parser(example, files).format_help()
    assert "An example of a job." in text
    assert all(f"--{name.replace('_', '-')}" in text for name in files)


def test_a_users_mistake_is_one_sentence_and_a_mistake_of_ours_is_not_hidden(capsys):
    def mistaken(job: Job, *, out: Path) -> None:
        raise UserError("dataset.path: found nothing.")

    def wrong(job: Job, *, out: Path) -> None:
        raise ZeroDivisionError

    with pytest.raises(SystemExit, match="1"):
        running.run(mistaken, [*GIVEN, "--out", "o"])
    assert capsys.readouterr().err == "dataset.path: found nothing.\n"
    with pytest.raises(ZeroDivisionError):
        running.run(wrong, [*GIVEN, "--out", "o"])


def test_sections_and_families_are_read_from_the_settings_without_what_they_worked_out():
    settings = {
        "sampling": {"count": 8, "steps": 5, "computed": {"x": 1}},
        "family": {"family": "unet", "pooling": 1, "computed": {"level_multipliers": [1, 2]}},
        "training": {"steps": 9, "checkpoints": [0.5, 1.0]},
    }
    job = Job(campaign="one", code="abc", settings=settings)
    assert job.section(Sampling, "sampling") == Sampling(count=8, steps=5)
    assert job.section(Sampling, "sampling", batch_size=7).batch_size == 7
    assert job.section(Training, "training").checkpoints == (0.5, 1.0)
    assert job.family() == Unet(family="unet", pooling=1)


@pytest.fixture
def inputs(tmp_path):
    """A table and a file of weights, whose footers have content hashes."""
    stamp = store.Stamp("one", "of the table", "code", "commit")
    store.write(tmp_path / "t.parquet", {"a": store.LONG}, [(1,)], stamp)
    write_weights(tmp_path / "w.safetensors", {"a": np.zeros(2)}, {"content_hash": "of the weights"})
    return tmp_path / "t.parquet", tmp_path / "w.safetensors"


def test_the_content_of_an_input_is_told_by_its_footer(inputs):
    assert [content_hash(path) for path in inputs] == ["of the table", "of the weights"]


def test_a_stamp_depends_on_settings_code_and_the_contents_of_the_inputs_and_on_nothing_else(inputs, tmp_path):
    job = Job(campaign="one", code="abc", settings={"a": 1})
    stamp = job.stamp(inputs)
    assert (stamp.campaign, stamp.code_hash) == ("one", "abc")
    same = [
        Job(campaign="two", code="abc", settings={"a": 1}).stamp(inputs),
        Job(campaign="one", code="abc", settings={"a": 1}, threads=4, device="cuda", batch_size=1, places={"x": 1}, live="y").stamp(
            inputs
        ),
        job.stamp([inputs[0], None, inputs[1]]),
    ]
    assert {each.content_hash for each in same} == {stamp.content_hash}
    changed = store.Stamp("one", "changed", "code", "commit")
    store.write(tmp_path / "other.parquet", {"a": store.LONG}, [(1,)], changed)
    others = [
        Job(campaign="one", code="abd", settings={"a": 1}).stamp(inputs),
        Job(campaign="one", code="abc", settings={"a": 2}).stamp(inputs),
        job.stamp(inputs[:1]),
        job.stamp([tmp_path / "other.parquet", inputs[1]]),
        job.stamp(inputs, weights="x"),
    ]
    assert len({each.content_hash for each in (stamp, *others)}) == 6


def test_a_stamp_names_the_commit_or_says_that_there_is_none(monkeypatch, tmp_path):
    assert running.git_commit() == "unknown" or len(running.git_commit()) == 40
    monkeypatch.setattr(running, "__file__", str(tmp_path / "job.py"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert running.git_commit() == "unknown"


class FullDisk:
    """A log file that nothing can be written to."""

    def write(self, text):
        raise OSError(28, "No space left on device")


def test_a_mistake_is_told_on_the_terminal_where_the_log_cannot_be_written(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr", FullDisk())
    with pytest.raises(SystemExit, match="1"):
        running.end("results/a.parquet: could not be written (No space left on device).")
    assert capsys.readouterr().out == "results/a.parquet: could not be written (No space left on device).\n"
