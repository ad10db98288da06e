"""What runs again when something changes, to the job: dry runs on a finished campaign, counted by rule and denoiser."""

import fnmatch
import os
import shutil
import subprocess
import sys
import time
from collections import Counter

import pytest
from checkout import TINY, Checkout

from creativity.campaign.layout import laws_of, runs
from creativity.campaign.validation import resolve

pytestmark = pytest.mark.long
PACKAGE = "workflow/scripts/creativity"
CAMPAIGN = resolve(TINY, "tiny.yaml")
FOUND = {run.denoiser: run for run in runs(CAMPAIGN)}
TRAINED, CLOSED = ([n for n, run in FOUND.items() if run.kind == kind] for kind in ("trained", "closed form"))


def of(rules, denoisers):
    return [f"{rule} {denoiser}" for rule in rules for denoiser in denoisers]


def of_runs(denoisers):
    """What follows from a denoiser, its training aside."""
    with_law = [denoiser for denoiser in denoisers if laws_of(CAMPAIGN, FOUND[denoiser])]
    trained = [denoiser for denoiser in denoisers if denoiser in TRAINED]
    own = of(("sample", "converge", "explain", "neighbours", "judge", "measure"), denoisers)
    return own + of(["law"], with_law) + of(["explain_seeds"], trained)


TRAININGS = of(["train"], TRAINED) + of_runs(TRAINED)
OF_CONTROLS = ("control", "neighbours_controls", "judge_controls", "measure_controls")
OF_MEASURES = ("summarise", "copied", "phase", "times", "check", "claims", "plot*", "report", "track", "all")
OF_ALL_MEASURES = ("measure *", "measure_controls", "judges", *OF_MEASURES)
SEARCHES = ("subset_neighbours", "unmask", "disguises", "neighbours *", "neighbours_controls", *OF_ALL_MEASURES)
JUDGEMENTS = ("train_judge", "judge *", "judge_controls", *OF_ALL_MEASURES)  # the judge's networks are UNets that are trained
TABLES = ("pairs", "explained", *OF_MEASURES)
DECISIVE = ("resolve", "settings", "judges", "disguises", *TABLES)  # a setting that decides results changed
INDECISIVE = ("resolve", "track", "all")


@pytest.fixture(scope="module")
def done(new_checkout):
    """A checkout in which the tiny campaign, with two seeds of training, counts as finished: all files are there, but empty."""
    checkout = new_checkout()
    config = checkout.config(seeds=[0, 1])
    for *_, outputs in checkout.jobs(config):
        for output in outputs:
            path = checkout.root / output
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    (checkout.root / "results/mlflow/mlflow.db").touch()
    checkout.snakemake("--touch", "--forceall", "--configfile", config)
    assert checkout.plan(config) == {}
    return checkout


@pytest.fixture(scope="module")
def everything(done):
    """All jobs of the campaign."""
    return done.plan("mine.yaml", "--forceall")


@pytest.fixture
def edited(done):
    """Edits files of the checkout, and gives them their old content back."""
    before = {}

    def edit(name, old, new):
        before.setdefault(name, (done.root / name).read_text())
        done.edit(name, old, new)

    yield edit
    for name, text in before.items():
        (done.root / name).write_text(text)


def part(everything, *patterns):
    """Those of all jobs that match one of the patterns, each of which must match."""
    assert all(fnmatch.filter(everything, pattern) for pattern in patterns), patterns
    return Counter({job: n for job, n in everything.items() if any(fnmatch.fnmatchcase(job, pattern) for pattern in patterns)})


EDITS = {  # what is edited: file, old text, new text, and what runs again
    "a trained family": ("denoisers/unet.py", "avg_pool2d", "max_pool2d", ["train unet", *of_runs(["unet"]), *JUDGEMENTS, *TABLES]),
    "a closed form": (
        "denoisers/linear.py",
        "gain * modes",
        "modes * gain",
        [*of_runs(["linear"]), *of(["explain"], TRAINED), *TABLES],
    ),
    "the training": ("training/trainer.py", ".mean(dim=1)", ".mean(1)", [*TRAININGS, *JUDGEMENTS, "converge *", *TABLES]),
    "a loader": ("data/sets/orl_faces.py", "range(1, 41)", "range(1, 40 + 1)", ["*"]),
    "the sampler": (
        "sampling/samplers/heun.py",
        "/ 2 if at.following",
        "* 0.5 if at.following",
        [*of_runs([*TRAINED, *CLOSED]), *TABLES],
    ),
    "another sampler": ("sampling/samplers/euler.py", "x + (", "x - -(", []),
    "a space": (
        "neighbours/spaces/pca.py",
        "DIMENSIONS = 64",
        "DIMENSIONS = 32",
        ["fit_spaces", *SEARCHES],
    ),
    "what a family costs": ("families/unet.py", "50 * self.blocks", "40 * self.blocks", []),
    "what a family works out": (
        "families/unet.py",
        "(1, 2, 4, 4, 4)",
        "(1, 3, 4, 4, 4)",
        ["train unet", *of_runs(["unet"]), "settings", "disguises", "judges", *TABLES],
    ),
    "a control": (
        "measures/controls.py",
        "TINY = 0.005",
        "TINY = 0.004",
        [*OF_CONTROLS, "judges", *(job for job in OF_MEASURES if job not in ("claims", "plot*")), "plot", "plot_phase"],
    ),
    "the search": (
        "neighbours/search.py",
        'away, kind="stable")[:k]',
        'away, kind="mergesort")[:k]',
        ["control", "disguised", "converge *", "fit_spaces", *SEARCHES, *JUDGEMENTS],
    ),
    "a measure": ("measures/generalisation.py", "LARGEST = 2000", "LARGEST = 3000", OF_ALL_MEASURES),
    "a measure along training": (
        "measures/novelty.py",
        "MEMORISED_BELOW = 1 / 3",
        "MEMORISED_BELOW = 0.3",
        ["subset_neighbours", "converge *", "unmask", "disguises", *OF_ALL_MEASURES],
    ),
    "a figure": ("figures/loss_by_sigma.py", '"weighted loss"', '"loss"', ["plot", "track", "all"]),
    "the look of figures": ("figures/theme.py", "fontSize=17", "fontSize=18", ["plot*", "report", "track", "all"]),
    "the tracking": ("tracking.py", "BATCH = 900", "BATCH = 800", ["track", "all"]),
    "a comment": ("training/trainer.py", "class Trainer:", "# words\n\n\nclass Trainer:", []),
    "a docstring": ("denoisers/unet.py", '"""', '"""Other words. ', []),
    "a layout": ("measures/sets.py", "\n\n\n", "\n\n\n\n\n", []),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_runs_what_depends_on_it(name, done, edited, everything):
    file, old, new, again = EDITS[name]
    edited(f"{PACKAGE}/{file}", old, new)
    expected = part(everything, *again)
    if again == ["*"]:
        del expected["resolve"], expected["settings"]
    assert done.plan("mine.yaml") == expected


def with_sections(**sections):
    return {"seeds": [0, 1], **{name: {**TINY[name], **keys} for name, keys in sections.items()}}


CHANGES = {  # what is set: the changed sections, and what runs again
    "the order of keys": ({"seeds": [0, 1], **{key: TINY[key] for key in reversed(TINY)}}, []),
    "the order within a section": ({**with_sections(), "sampling": dict(reversed(TINY["sampling"].items()))}, []),
    "training.steps": (with_sections(training={"steps": 21}), [*TRAININGS, *DECISIVE]),
    "training.checkpoints": (with_sections(training={"checkpoints": [0.5, 1.0]}), [*TRAININGS, *DECISIVE]),
    "sampling.steps": (with_sections(sampling={"steps": 7}), [*of_runs([*TRAINED, *CLOSED]), *DECISIVE]),
    "sampling.batch_size": (with_sections(sampling={"batch_size": 32}), INDECISIVE),
    "training.device": (with_sections(training={"device": "auto"}), INDECISIVE),
    "neighbours.k": (
        {"seeds": [0, 1], "neighbours": {"k": 4}},
        [*SEARCHES, *DECISIVE],
    ),
    "tracking.uri": ({"seeds": [0, 1], "tracking": {"uri": "http://127.0.0.1:9"}}, INDECISIVE),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_setting_runs_what_depends_on_it(name, done, everything):
    sections, again = CHANGES[name]
    assert done.plan(done.config("other.yaml", **sections)) == part(everything, *again)


def test_one_more_denoiser_runs_only_its_jobs_and_the_summaries(done, everything):
    more = done.config(
        "more.yaml", seeds=[0, 1], denoisers=TINY["denoisers"] | {"wide": {"family": "mlp", "width": 20, "depth": 1}}
    )
    own = Counter(dict.fromkeys(of(("train", "sample", "converge", "explain", "neighbours", "judge", "measure"), ["wide"]), 4))
    own["explain_seeds wide"] = 2
    assert done.plan(more) == own + part(everything, *DECISIVE)


def test_one_more_closed_form_is_also_held_against_the_trained_ones(done, everything):
    denoisers = {**TINY["denoisers"], "plane": {"family": "bottleneck", "dim": 2}}
    plan = done.plan(done.config("more.yaml", seeds=[0, 1], denoisers=denoisers))
    own = Counter(dict.fromkeys(of(("sample", "converge", "explain", "neighbours", "judge", "measure", "law"), ["plane"]), 2))
    assert plan == own + part(everything, *of(["explain"], TRAINED), *DECISIVE)


def test_one_denoiser_less_runs_only_the_summaries(done, everything):
    less = done.config("less.yaml", seeds=[0, 1], denoisers={k: v for k, v in TINY["denoisers"].items() if k != "cnn"})
    assert done.plan(less) == part(everything, *DECISIVE)


def test_one_more_seed_runs_only_its_trainings_and_the_summaries(done, everything):
    own = Counter(dict.fromkeys(TRAININGS, 2))
    own["plot_claims"] = 1  # three seeds are the fewest that claims rest on
    assert done.plan(done.config("seeds.yaml", seeds=[0, 1, 2])) == own + part(everything, *DECISIVE)


def test_one_more_size_runs_only_its_jobs_and_the_summaries(done, everything):
    larger = done.config("larger.yaml", seeds=[0, 1], subsets={**TINY["subsets"], "sizes": [40, 20, 30]})
    rules = ("train", "sample", "converge", "explain", "explain_seeds", "law", "neighbours", "judge", "measure")
    of_subsets = ("subset", "subset_neighbours", "disguised", "unmask", "plot", *OF_CONTROLS)
    of_both = part(everything, *of_subsets, *(f"{rule} *" for rule in rules))
    expected = Counter({job: n // 2 for job, n in of_both.items()}) + part(everything, *DECISIVE)
    assert done.plan(larger) == expected


def test_file_times_of_code_and_results_change_nothing(done):
    for file in (done.root / PACKAGE).rglob("*.py"):
        os.utime(file, (1, 1))
    os.utime(done.root / PACKAGE / "training/trainer.py")
    os.utime(done.root / "results/tiny/subsets/n40-s0/train.parquet")
    os.utime(done.root / "results/tiny/runs/n40-s0/unet/seed0/samples.parquet", (1, 1))
    assert done.plan("mine.yaml") == {}
    done.snakemake("--touch", "--forceall", "--configfile", "mine.yaml")


def test_a_checkout_that_was_copied_or_moved_has_nothing_to_do(done, tmp_path):
    shutil.copytree(done.root, tmp_path / "copied", symlinks=True)
    assert Checkout(tmp_path / "copied").plan("mine.yaml") == {}
    (tmp_path / "copied").rename(tmp_path / "moved")
    assert Checkout(tmp_path / "moved").plan("mine.yaml") == {}


def test_results_alone_can_be_taken_to_a_new_checkout(done, new_checkout):
    """Without Snakemake's records only file times tell what is old: they must come along (cp -a)."""
    other = new_checkout()
    shutil.copytree(done.root / "results", other.root / "results")
    assert other.plan(other.config(seeds=[0, 1])) == {}


def test_an_edit_while_a_job_runs_makes_it_run_again(new_checkout):
    checkout = new_checkout()
    training = {"steps": 6000, "batch_size": 8, "device": "cpu"}
    config = checkout.config(
        training=training, denoisers={"mlp": TINY["denoisers"]["mlp"]}, subsets=TINY["subsets"] | {"sizes": [20]}
    )
    model = checkout.root / "results/tiny/runs/n20-s0/mlp/seed0/model.safetensors"
    log = checkout.root / "results/tiny/logs/train/n20-s0-mlp-0.log"
    target = str(model.relative_to(checkout.root))
    command = checkout.command(target, "--configfile", config)
    process = subprocess.Popen(command, cwd=checkout.root, env=checkout.environment(), stderr=subprocess.DEVNULL)
    until = time.monotonic() + 120
    while not (log.exists() and "step" in log.read_text()):
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.1)
    checkout.edit(f"{PACKAGE}/training/trainer.py", ".mean(dim=1)", ".mean(1)")
    assert not model.exists()
    assert process.wait() == 0
    assert checkout.plan(config, target) == {"train mlp": 1}


def test_a_cosmetic_edit_can_be_accepted(done, edited):
    edited(f"{PACKAGE}/training/trainer.py", "def ema_decay(step: int,", "def ema_decay(step: float,")
    assert done.planned("mine.yaml")["train"] == 4 * len(TRAINED)
    done.snakemake("--touch", "--configfile", "mine.yaml")
    assert done.plan("mine.yaml") == {}


def test_a_setting_can_be_accepted_too(done):
    other = done.config("other.yaml", **with_sections(sampling={"rho": 7.000001}))
    samples = done.root / "results/tiny/runs/n40-s0/unet/seed0/samples.parquet"
    before = samples.read_bytes()
    assert done.planned(other)["sample"] > 0
    done.snakemake("--touch", "--configfile", other)
    assert done.plan(other) == {}
    assert samples.read_bytes() == before
    done.snakemake("--touch", "--configfile", "mine.yaml")
    assert done.plan("mine.yaml") == {}


def test_why_names_files_and_settings(done, edited):
    edited(f"{PACKAGE}/denoisers/unet.py", "avg_pool2d", "max_pool2d")
    other = done.config("other.yaml", **with_sections(sampling={"steps": 7}))
    told = done.run(why("--configfile", other)).stdout
    assert "train: 4 jobs, because the code changed: creativity/denoisers/unet.py\n    train unet on n20-s0, seed 0\n" in told
    assert "    ... and 1 more\n" in told
    assert f"sample: {4 * len(TRAINED) + 2 * len(CLOSED) - 4} jobs, because sampling.steps was 6, is 7\n" in told
    assert "sample: 4 jobs, because its input is made anew by train\n" in told


def why(*options):
    return ["env", "PYTHONPATH=workflow/scripts", sys.executable, "tools/why.py", "--profile", "profiles/local", *map(str, options)]
