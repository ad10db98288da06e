from drawn import STAMP, marks, points, results

from creativity import store
from creativity.figures.judges import draw as draw_judges
from creativity.measures.judges import JUDGES


def test_real_controls_stand_above_unreal_ones_and_each_judge_has_its_mark(tmp_path):
    shares = {"noise": 0.0, "held-out": 0.9, "torn": 0.1, "copier": 0.95}
    rows = [("n40-s0", name, judge, share, share, share, 40) for name, share in shares.items() for judge in ("judge", "range")]
    store.write(tmp_path / "judges.parquet", JUDGES, [*rows, ("n20-s0", "noise", "judge", 1.0, 1.0, 1.0, 40)], STAMP)
    chart = draw_judges(results(tmp_path))
    _, units = marks(chart)
    (marked,) = (unit for unit in units if "shape" in unit["encoding"])
    assert marked["encoding"]["y"]["sort"] == ["copier", "held-out", "noise", "torn"]
    assert len(marked["encoding"]["shape"]["scale"]["domain"]) == 2
    assert {row["control"]: row["real"] for row in points(chart, "real")} == shares
