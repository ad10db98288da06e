import pandas as pd
import pytest

from creativity import store
from creativity.running.job import Job
from jobs.summarise import CONVERGENCE
from jobs.times import times

STAMP = store.Stamp("test", "content", "code", "commit")
STEPS = (10, 100, 1000)


def run(n, seed, denoiser="unet", kind="trained"):
    return (f"n{n}-s0", n, denoiser, "unet", kind, seed)


def share(value, count=100):
    return (value, value - 0.05, value + 0.05, count)


def test_each_training_has_its_times_and_each_denoiser_their_slopes(tmp_path):
    """With n = 8 copying begins at step 10, with n = 80 at 100: an exponent of 1. Samples of twice as many steps do not count."""
    rows = []
    for n, begins in ((8, 10), (80, 100)):
        for seed in (0, 1):
            for step in STEPS:
                rows.append((*run(n, seed), step, 20, "memorised", "pixel", *share(0.9 if step >= begins else 0.0)))
                rows.append((*run(n, seed), step, 20, "heldout_loss", "pixel", abs(step - 100) / 100, None, None, 10))
            rows.append((*run(n, seed), 1000, 40, "memorised", "pixel", *share(0.0)))
        rows.append((*run(n, 0, "bayes", "closed form"), 0, 20, "memorised", "pixel", *share(1.0)))
    measured = [(*run(n, 0, "held-out", "control"), "memorised", "pixel", *share(0.01)) for n in (8, 80)]
    store.write(tmp_path / "convergence.parquet", CONVERGENCE, rows, STAMP)
    store.write(tmp_path / "measures.parquet", store.RUN | store.MEASURE, measured, STAMP)
    files = {name: tmp_path / f"{name}.parquet" for name in ("convergence", "measures", "times", "slopes")}
    times(Job(campaign="test", code="code"), **files)
    told = pd.read_parquet(files["times"]).set_index(["n", "seed"])
    assert told["tau_mem"].to_dict() == {(8, 0): 10, (8, 1): 10, (80, 0): 100, (80, 1): 100}
    assert set(told["tau_gen"]) == {100}
    assert set(told["last"]) == {1000}
    assert told["memorised"].tolist() == [0.9] * 4
    assert told["tau_real"].isna().all()  # the judge was not asked
    assert told["advice"].loc[8].unique().tolist() == [
        "copies from step 10 on; best held-out loss at 100: stop before 10, where it copies"
    ]
    slopes = pd.read_parquet(files["slopes"]).set_index("time")
    assert slopes["value"].to_dict() == pytest.approx({"tau_mem": 1.0, "tau_gen": 0.0}, abs=1e-9)
    assert set(slopes["over"]) == {"seeds"}
    assert set(slopes["denoiser"]) == {"unet"}


def test_where_the_judge_was_asked_along_training_its_word_is_in_the_advice(tmp_path):
    rows = [(*run(8, 0), step, 20, "heldout_loss", "pixel", float(step), None, None, 10) for step in STEPS]
    followed = {"memorised": (0.0, 0.0, 0.9), "real": (0.0, 0.5, 0.9), "copies": (0.0, 0.0, 0.7)}
    for name, values in followed.items():
        rows += [(*run(8, 0), step, 20, name, "pixel", *share(value)) for step, value in zip(STEPS, values, strict=True)]
    measured = [(*run(8, 0, "held-out", "control"), "memorised", "pixel", *share(0.01))]
    store.write(tmp_path / "convergence.parquet", CONVERGENCE, rows, STAMP)
    store.write(tmp_path / "measures.parquet", store.RUN | store.MEASURE, measured, STAMP)
    files = {name: tmp_path / f"{name}.parquet" for name in ("convergence", "measures", "times", "slopes")}
    times(Job(campaign="test", code="code"), **files)
    told = pd.read_parquet(files["times"]).iloc[0]
    assert (told["tau_mem"], told["tau_real"], told["real"]) == (1000, 100, 0.5)
    assert told["advice"].endswith("most real without copies at 100 (50 %): stop there")


def test_a_training_that_diverged_and_a_single_size_have_no_rows(tmp_path):
    rows = [(*run(8, 0), 10, 20, "memorised", "pixel", *share(0.9))]  # no loss
    store.write(tmp_path / "convergence.parquet", CONVERGENCE, rows, STAMP)
    store.write(tmp_path / "measures.parquet", store.RUN | store.MEASURE, [], STAMP)
    files = {name: tmp_path / f"{name}.parquet" for name in ("convergence", "measures", "times", "slopes")}
    times(Job(campaign="test", code="code"), **files)
    assert len(pd.read_parquet(files["times"])) == len(pd.read_parquet(files["slopes"])) == 0
