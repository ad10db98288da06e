import pytest
from drawn import EVERY, STAMP, marks, results

from creativity import store
from creativity.figures.loss_by_sigma import draw as draw_losses
from creativity.training import trainer as train


def test_only_the_last_checkpoint_is_drawn_by_sigma(tmp_path):
    trained = [run for run in EVERY if run.kind == "trained"]
    for run in trained:
        run.file(tmp_path, "x").parent.mkdir(parents=True)
        rows = [(step, split, 0.1, 0.4, float(step)) for step in (5, 20) for split in ("train", "heldout")]
        store.write(run.file(tmp_path, "losses.parquet"), train.LOSSES, rows, STAMP)
    _, found = marks(draw_losses(results(tmp_path)))
    data = [value for unit in found if "strokeDash" in unit["encoding"] for value in [unit["encoding"]["x"]]]
    assert len(data) == len(trained)
    spec = draw_losses(results(tmp_path)).to_dict()
    points = [row for rows in spec["datasets"].values() for row in rows if "sigma" in row]
    assert {row["step"] for row in points} == {20}
    assert [row["sigma"] for row in points] == pytest.approx([0.2] * len(points))
