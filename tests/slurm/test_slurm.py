"""The workflow through a real Slurm, by its own profile: `snakemake --profile slurm`, literally."""

import subprocess
import sys
import time
from datetime import datetime

import pytest
from checkout import ROOT, copy_of_the_checkout
from cluster import GPUS

from creativity.families.control import CONTROLS

pytestmark = pytest.mark.slurm
CONFIG = "config/test/slurm.yaml"
QUICK = ("--latency-wait", "10", "--slurm-init-seconds-before-status-checks", "1")  # what a cluster at rest allows
LONG = {"steps": 120000, "batch_size": 8, "checkpoints": [1.0]}  # minutes: the least that Slurm can limit is one
MODEL = "results/cluster/runs/n20-s0/mlp/seed0/model.safetensors"
SAMPLES = "results/cluster/runs/n20-s0/mlp/seed0/samples.parquet"


def kept(checkout):
    """The bytes of every model and of every file of samples."""
    files = [
        path for name in ("model.safetensors", "samples.parquet") for path in checkout.root.glob(f"results/cluster/runs/**/{name}")
    ]
    return {str(path.relative_to(checkout.root)): path.read_bytes() for path in files}


def of_slurm(checkout, *args):
    return [sys.executable, "-m", "snakemake", "--profile", "slurm", *QUICK, *args]


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The campaign on this machine, without a scheduler."""
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("local"))
    checkout.snakemake("results/cluster/controls.checked", "--configfile", CONFIG)
    return checkout


@pytest.fixture(scope="module")
def ran(cluster, local, tmp_path_factory):
    """The same campaign through Slurm, with the jobs it took."""
    checkout = copy_of_the_checkout(tmp_path_factory.mktemp("remote"))
    before = {job["JobId"] for job in cluster.jobs()}
    checkout.run(of_slurm(checkout, "--configfile", CONFIG))
    return checkout, [job for job in cluster.jobs() if job["JobId"] not in before]


def test_slurm_gives_the_same_bytes(local, ran):
    assert len(kept(local)) == 3 + 3 + 1 + len(CONTROLS)
    assert kept(ran[0]) == kept(local)
    assert (ran[0].root / "results/cluster/report.html").exists()
    assert (ran[0].root / "results/cluster/mlflow.json").exists()


def name_of(job):
    return job["Comment"].split("_wildcards")[0].removeprefix("rule_")


def test_only_what_a_network_does_asks_for_a_gpu_and_for_one(ran):
    """Networks are trained, draw, are explained and judged. What is drawn without a GPU is judged without one, being so little."""
    asked = {name_of(job): job["TresPerJob"] for job in ran[1] if "TresPerJob" in job}
    device = "device-cluster-n20-s0"
    trained = [f"{device}-mlp-{i}_converge_explain_judge_sample_train" for i in range(3)]
    others = ["explain_seeds", "train_judge"]
    assert sorted(asked) == sorted([*trained, *others])
    assert set(asked.values()) == {"gres:gpu:1"}


def test_a_trained_run_costs_the_scheduler_two_jobs_and_a_closed_form_four(ran):
    """What a closed form does is not connected by a model, and Snakemake groups what is connected alone."""
    names = [name_of(job) for job in ran[1]]
    assert sum("-mlp-" in name and "device-" in name for name in names) == 3
    assert sum("-bayes-" in name and "device-" in name for name in names) == 2  # sample and converge, explain
    tables = [name for name in names if "tables-" in name]
    assert sum("-mlp-" in name for name in tables) == 3
    assert sum("-bayes-" in name for name in tables) == 2  # its measures, its law
    assert len(tables) == 3 + 2 + 1  # the controls of a subset are one job


def test_every_training_saw_its_gpu_and_never_more_than_two_ran_at_once(ran):
    logs = [path.read_text() for path in ran[0].root.glob("results/cluster/logs/train/*.log")]
    seen = [text.split("CUDA_VISIBLE_DEVICES=")[1].split()[0] for text in logs]
    assert len(seen) == 3
    assert set(seen) <= {"0", "1"}
    spans = [[datetime.fromisoformat(job[end]) for end in ("StartTime", "EndTime")] for job in ran[1] if "TresPerJob" in job]
    assert max(sum(low <= start < high for low, high in spans) for start, _ in spans) <= GPUS


def test_a_cancelled_training_and_one_over_its_time_end_with_the_same_bytes(cluster, tmp_path_factory):
    """Cancelled once, stopped by its time limit at least once, it goes on each time from where it was."""
    checkouts = [copy_of_the_checkout(tmp_path_factory.mktemp(name)) for name in ("whole", "interrupted")]
    for checkout in checkouts:
        checkout.edit(CONFIG, "training: {steps: 400, batch_size: 8, checkpoints: [1.0]}", f"training: {LONG}".replace("'", ""))
    whole, interrupted = checkouts
    target = (MODEL, "--configfile", CONFIG)
    before = {job["JobId"] for job in cluster.jobs()}
    limit = ("--set-resources", "train:runtime=1")
    with (interrupted.root / "out.txt").open("w") as out:
        command = of_slurm(interrupted, *target, *limit, "--retries", "12")
        run = subprocess.Popen(command, cwd=interrupted.root, env=interrupted.environment(), stdout=out, stderr=subprocess.STDOUT)
    cancelled = cancel_once_it_trains(cluster, before)
    whole.snakemake(*target, cores=1)
    assert run.wait(900) == 0, (interrupted.root / "out.txt").read_text()[-6000:]
    for checkout in checkouts:
        checkout.snakemake(SAMPLES, "--configfile", CONFIG)
    states = {job["JobId"]: job["JobState"] for job in cluster.jobs() if job["JobId"] not in before}
    assert states[cancelled] == "CANCELLED"
    assert "TIMEOUT" in states.values()
    for name in (MODEL, SAMPLES):
        assert (interrupted.root / name).read_bytes() == (whole.root / name).read_bytes()
    assert len(list(interrupted.root.glob("results/**/state.safetensors"))) == 1  # until neighbours are searched


def cancel_once_it_trains(cluster, before):
    """Cancels a job that has run for some seconds and asked for a GPU; its number."""
    until = time.monotonic() + 200
    while time.monotonic() < until:
        for job in cluster.jobs():
            if job["JobId"] not in before and job["JobState"] == "RUNNING" and "TresPerJob" in job and job["RunTime"] >= "00:00:20":
                subprocess.run(["scancel", job["JobId"]], check=True)
                return job["JobId"]
        time.sleep(1)
    raise AssertionError("no training ran long enough to be cancelled")


def test_the_profile_names_what_a_cluster_must_be_told():
    text = (ROOT / "profiles/slurm/config.yaml").read_text()
    for key in ("slurm_partition", "slurm_account", "constraint", "gres"):
        assert f"# {key}" in text or f"{key}:" in text
