from drawn import STAMP, marks, points, results

from creativity import store
from creativity.figures.disguises import draw as draw_disguises
from creativity.measures.disguises import ANY, DISGUISED, KINDS


def test_a_row_a_disguise_and_all_spaces_together_last(tmp_path):
    rows = [("n40-s0", kind, space, 0.5, 0.4, 0.6, 40) for kind in KINDS for space in (ANY, "pixel", "aligned")]
    store.write(tmp_path / "disguises.parquet", DISGUISED, [*rows, ("n20-s0", KINDS[0], "pixel", 1.0, 1.0, 1.0, 20)], STAMP)
    chart = draw_disguises(results(tmp_path))
    _, units = marks(chart)
    assert units[0]["encoding"]["x"]["sort"] == ["pixel", "aligned", ANY]
    assert units[0]["encoding"]["y"]["sort"] == list(KINDS)
    assert len(points(chart, "found")) == 3 * len(KINDS)
