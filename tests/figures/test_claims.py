import pandas as pd
import pytest
from drawn import STAMP, marks, points, results

from creativity import store
from creativity.figures import claims
from creativity.measures.claims import CLAIMS


def drawn(tmp_path, rows):
    store.write(tmp_path / "claims.parquet", CLAIMS, rows, STAMP)
    return claims.draw(results(tmp_path)._replace(subset=None))


def row(a, b, measure, difference, p, subset="n40-s0"):
    return (subset, a, b, measure, difference, difference - 0.5, difference + 0.5, p, p, 3, 40)


def test_each_pair_of_networks_has_a_bar_for_each_set_of_images(tmp_path):
    """The pair stands in the order from copier to noise, its difference turned where need be; closed forms are left out."""
    rows = [row("unet", "mlp", "nearest_distance", 2.0, 0.01), row("unet", "mlp", "nearest_distance", 1.0, 0.5, "n20-s0")]
    rows += [row("mlp", "linear", "nearest_distance", 1.0, 0.01), row("mlp", "unet", "class_copy", 0.25, 0.5)]
    chart = drawn(tmp_path, rows)
    order = results(tmp_path).order
    sign = 1 if order.index("unet") < order.index("mlp") else -1
    pair = " - ".join(sorted(("unet", "mlp"), key=order.index))
    told = pd.DataFrame(points(chart, "verdict"))
    of_distance = told[told["measure"] == "nearest_distance"].drop_duplicates(["subset", "pair"]).set_index("subset")
    assert of_distance["pair"].unique().tolist() == [pair]
    assert of_distance["difference"].to_dict() == {"n40-s0": 2.0 * sign, "n20-s0": 1.0 * sign}
    assert of_distance["verdict"].to_dict() == {"n40-s0": "p < 0.05", "n20-s0": "not told apart"}
    assert (of_distance["low"] < of_distance["difference"]).all()
    assert told.loc[told["measure"] == "class_copy", "difference"].unique().tolist() == [-0.25 * sign]
    spec, panels = marks(chart)
    assert len(spec["hconcat"]) == len(claims.MEASURES)
    assert {panel["mark"]["type"] for panel in panels} == {"rule", "point"}


@pytest.mark.parametrize("many", [False, True])
def test_of_many_pairs_the_first_are_shown_and_this_is_said(tmp_path, monkeypatch, many):
    monkeypatch.setattr(claims, "MOST", 1 if many else 45)
    rows = [row(a, b, "nearest_distance", 1.0, 0.01) for a, b in (("unet", "mlp"), ("unet", "cnn"), ("mlp", "cnn"))]
    chart = drawn(tmp_path, rows)
    assert len({point["pair"] for point in points(chart, "verdict")}) == (1 if many else 3)
    assert ("The first 1 of 3 pairs." in str(marks(chart)[0])) == many


def test_without_a_claim_the_figure_is_empty(tmp_path):
    assert points(drawn(tmp_path, []), "verdict") == []
