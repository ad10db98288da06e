import pandas as pd
from drawn import EVERY, STAMP, marks, points, results

from creativity import store
from creativity.figures import times
from creativity.measures.times import SLOPES, TIMES


def test_each_network_shows_its_curves_its_times_and_their_slopes(tmp_path):
    trained = [run for run in EVERY if run.kind == "trained"]
    rows = [
        (*run[:6], None if i == 0 else 10 * i, 20, None, 10, 20, 4, 0.4, 0.5, 0.0, 0.9, 10, 0.5, "words")
        for i, run in enumerate(trained)
    ]
    slopes = [
        (run.denoiser, run.family, run.kind, name, value, low, 1.5, 3, 3, 3, "seeds")
        for run in trained
        for name, value, low in (("tau_mem", 1.25, 1.0), ("tau_gen", None, None))
    ]
    store.write(tmp_path / "times.parquet", store.RUN | TIMES, rows, STAMP)
    store.write(tmp_path / "slopes.parquet", SLOPES, slopes, STAMP)
    made = results(tmp_path)
    along = [
        (*run[:6], step, made.campaign.sampling.steps, measure, "pixel", 0.5, None, None, 40)
        for run in trained
        for step in (5, 20)
        for measure in ("memorised", "heldout_loss", "train_loss", *(["real"] if run == trained[0] else []))
    ]
    made = made._replace(convergence=pd.DataFrame(along, columns=made.convergence.columns))
    chart = times.draw(made)
    spec, panels = marks(chart)
    shown = points(chart, "said")
    assert len({row["seen"] for row in shown}) == 2
    assert {row["step"] for row in shown if row["time"] == "tau_mem" and not row["seen"]} == {20}  # a cross at its last step
    assert "begins to copy: n^1.25 [1.00, 1.50]; least held-out loss: no slope" in str(spec)
    assert {"line", "point"} <= {panel["mark"]["type"] for panel in panels}
    heads = [row["hconcat"][0]["title"] for row in spec["vconcat"]]
    assert sorted(heads) == sorted(f"{run.denoiser}: memorised share" for run in trained)
    of_all = {tuple(panel["title"] for panel in row["hconcat"][1:-1]) for row in spec["vconcat"]}
    assert of_all == {("held-out loss",), ("judged real", "held-out loss")}  # where the judge was asked
