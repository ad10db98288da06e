"""Runs that are killed or asked to end, and then started again by the same command, end as if nothing had happened."""

import os
import random
import signal
import subprocess
import time

import pytest
from checkout import TINY

from creativity import store
from creativity.families.control import CONTROLS
from creativity.store.weights import read_facts

pytestmark = pytest.mark.long
FAST = {"denoisers": {name: TINY["denoisers"][name] for name in ("bayes", "mlp", "unet")}}
FAST["denoisers"]["mine"] = {"family": "module", "file": "config/my_unet.py", "options": {"width": 4}, "train": True}
FAST |= {"subsets": {"sizes": [20], "heldout": 40, "reference": 60}, "training": {"steps": 400, "batch_size": 8, "device": "cpu"}}
TARGET = "results/tiny/controls.checked"  # all but figures and MLflow
KILLS = int(os.environ.get("KILLS", "2"))


def prepared(new_checkout):
    """A checkout with a campaign whose trainings save their state several times a second."""
    checkout = new_checkout()
    checkout.edit("workflow/scripts/creativity/training/resume.py", "INTERVAL = 60.0", "INTERVAL = 0.3")
    checkout.edit("workflow/scripts/creativity/training/resume.py", "SHARE = 0.05", "SHARE = 0.5")
    return checkout, checkout.config(**FAST)


def start(checkout, config, *args):
    """Snakemake in a group of its own, which the tests can end as a whole."""
    command = checkout.command(TARGET, "--configfile", config, *args)
    with (checkout.root / "out.txt").open("w") as out:
        return subprocess.Popen(
            command, cwd=checkout.root, env=checkout.environment(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )


def wait_for(condition, process):
    until = time.monotonic() + 600
    while not condition():
        assert process.poll() is None, "the run ended too early"
        if time.monotonic() > until:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError("the run takes too long")
        time.sleep(0.02)


def kept(root):
    """The bytes of every model and of every file of samples."""
    files = [
        path for kind in ("model", "checkpoints", "samples") for path in sorted(root.glob(f"results/tiny/runs/*/*/*/{kind}.*"))
    ]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def unbroken(root):
    """Every table and model that bears its own name can be read."""
    for path in root.glob("results/tiny/**/*.parquet"):
        if not path.name.startswith("."):
            store.read(path)
    for path in root.glob("results/tiny/**/*.safetensors"):
        if not path.name.startswith("."):
            read_facts(path)


@pytest.fixture(scope="module")
def expected(new_checkout):
    """What the campaign leaves when nobody interrupts it, and how many jobs it takes."""
    checkout, config = prepared(new_checkout)
    jobs = checkout.snakemake(TARGET, "--configfile", config).stdout.count("Finished jobid")
    assert not list(checkout.root.glob("results/**/state.safetensors"))
    return kept(checkout.root), jobs


def kill_at(moment, process, checkout, jobs):
    """Kills a run at a random moment, and says when: after some number of jobs, or while a training is under way."""
    out, trainings = checkout.root / "out.txt", checkout.root / "results/tiny/runs/n20-s0"
    finished = moment.randrange(jobs)
    if moment.random() < 0.5:
        denoiser = moment.choice(["mlp", "unet"])
        when = f"in the training of {denoiser}"
        wait_for((trainings / denoiser / "seed0/state.safetensors").exists, process)
    else:
        when = f"after {finished} of {jobs} jobs"
        wait_for(lambda: out.read_text().count("Finished jobid") >= finished, process)
    later = moment.uniform(0, 3)
    time.sleep(later)
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return f"{when} and {later:.2f} s: {'killed' if running else 'over'}"


def test_a_run_killed_at_any_moment_ends_with_the_same_bytes(new_checkout, expected):
    files, jobs = expected
    assert len(files) == 3 + 3 + 4 + len(CONTROLS)  # models, checkpoints, samples
    moment, killed = random.Random(0), 0
    while killed < KILLS:
        checkout, config = prepared(new_checkout)
        when = kill_at(moment, start(checkout, config), checkout, jobs)
        killed += when.endswith("killed")
        unbroken(checkout.root)
        again = checkout.snakemake(TARGET, "--configfile", config, check=False)
        locked = again.returncode != 0
        if locked:
            assert "--unlock" in again.stdout
            checkout.snakemake(TARGET, "--configfile", config, "--unlock")
            again = checkout.snakemake(TARGET, "--configfile", config)
        print(f"{when}; {'locked' if locked else 'not locked'}, {again.stdout.count('goes on after')} trainings resumed")
        unbroken(checkout.root)
        assert kept(checkout.root) == files
        assert checkout.plan(config, TARGET) == {}
        left = [path.name for path in checkout.root.glob("results/**/*") if "state" in path.name or "partial" in path.name]
        assert left == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_a_training_ended_in_its_middle_goes_on_from_there(number, new_checkout, expected):
    files, _ = expected
    checkout, config = prepared(new_checkout)
    state = checkout.root / "results/tiny/runs/n20-s0/unet/seed0/state.safetensors"
    process = start(checkout, config, "--cores", "1")
    wait_for(state.exists, process)
    os.killpg(process.pid, number)
    assert process.wait() != 0
    assert state.exists()
    assert not state.with_name("model.safetensors").exists()
    if number == signal.SIGINT:
        assert "SIGINT ended the training after step" in (checkout.root / "out.txt").read_text()
    else:
        checkout.snakemake(TARGET, "--configfile", config, "--unlock")
    done = checkout.snakemake(TARGET, "--configfile", config)
    assert "goes on after step" in done.stdout
    assert kept(checkout.root) == files
