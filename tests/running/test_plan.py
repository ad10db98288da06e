"""The plan before the first job: rates from benchmark files that are written here, so the sums are known."""

from argparse import Namespace

import pytest

from creativity.running.plan import Ahead, describe, earlier, flags, where

PLACE = where(Namespace(executor="slurm", jobs=100, cores=None, profile=["slurm"], slurm_status_command="squeue"))
MLFLOW = {"one": "results/mlflow/mlflow.db"}


@pytest.fixture
def benchmarks(tmp_path):
    """Makes the benchmark files of a rule, and jobs of it whose times will be written beside them."""
    earlier.cache_clear()

    def write(rule, **times):
        for name, seconds in times.items():
            path = tmp_path / rule / f"n20-s0-{name.replace('_', '-')}-0.tsv"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"s\th:m:s\n{seconds}\t0:00:00\n")

    def job(rule, denoiser, flag=""):
        return Ahead(rule, {"denoiser": denoiser}, str(tmp_path / rule / f"n20-s0-{denoiser}-1.tsv"), flag, 7200.0)

    return write, job


def test_hours_are_those_of_the_same_denoiser_or_else_of_the_rule(benchmarks):
    write, job = benchmarks
    write("train", unet_pool3=7200.0, mlp=3600.0)
    jobs = [job("train", name, "--gpus=1") for name in ("unet-pool3", "mlp", "new")]  # 2 + 1 + the median, 1.5
    assert (
        describe(jobs, PLACE, MLFLOW)[-1]
        == "cost     about 4.5 GPU hours for 3 jobs, 3 by the times of earlier runs; no core hours"
    )


def test_jobs_like_which_none_has_run_cost_what_their_operations_cost(benchmarks):
    write, job = benchmarks
    jobs = [job("train", "mlp", "--gpus=1"), job("measure", "mlp"), job("law", "mlp")]
    assert describe(jobs, PLACE, MLFLOW)[-1] == (
        "cost     about 2 GPU hours for 1 jobs, 1 by counted operations; about 4 core hours for 2 jobs, 2 by counted operations"
    )
    earlier.cache_clear()
    write("measure", mlp=3600.0)
    assert describe(jobs, PLACE, MLFLOW)[-1].endswith(
        "about 3 core hours for 2 jobs, 1 by the times of earlier runs and 1 by counted operations"
    )


def test_a_file_that_was_not_written_to_its_end_tells_nothing(benchmarks, tmp_path):
    _, job = benchmarks
    (tmp_path / "train").mkdir()
    (tmp_path / "train" / "n20-s0-mlp-0.tsv").write_text("s\th:m:s\nunfini")
    assert describe([job("train", "mlp")], PLACE, MLFLOW)[-1].endswith("for 1 jobs, 1 by counted operations")


def test_the_plan_names_what_was_resolved(benchmarks):
    _, job = benchmarks
    lines = describe([job("train", "mlp", "--gpus=1"), job("sample", "mlp", "--gpus=1"), job("measure", "mlp")], PLACE, MLFLOW)
    assert lines[:4] == [
        "profile  slurm (executor slurm, at most 100 jobs at once, status by squeue)",
        "GPUs     --gpus=1 for sample, train",
        "MLflow   results/mlflow/mlflow.db",
        "jobs     3: train 1, sample 1, measure 1",
    ]


def test_targets_are_no_jobs():
    assert describe([Ahead("all", {}, None, "", 0.0)], PLACE, MLFLOW) == ["Nothing is to be done: all results are up to date."]


@pytest.mark.parametrize(
    ("resources", "expected"), [({"gpu": 1}, "--gpus=1"), ({"gpu": 0, "gres": "gpu:1"}, "--gres=gpu:1"), ({"mem_mb": 5}, "")]
)
def test_flags_are_those_that_slurm_is_given(resources, expected):
    assert flags(resources) == expected


def test_a_workstation_has_cores_and_no_status_command():
    args = Namespace(executor=None, jobs=None, cores=4, profile=["profiles/local"])
    assert str(where(args)) == "profiles/local (executor local, at most 4 cores at once)"
