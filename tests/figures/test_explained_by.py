import pandas as pd
import pytest
from drawn import points, results, write_comparisons

from creativity.figures.explained_by import draw as draw_explained


def test_the_closed_form_that_explains_best_is_marked_and_chance_has_a_row(tmp_path):
    write_comparisons(tmp_path)
    cells = pd.DataFrame(points(draw_explained(results(tmp_path)), "column"))
    assert set(cells["a"]) == {"cnn", "mlp", "unet"}
    assert set(cells["b"]) == {"bayes", "linear", "other noise"}
    assert set(cells.loc[cells["best"], "b"]) == {"bayes"}
    assert cells.groupby("a")["best"].sum().tolist() == [3, 3, 3]
    assert cells.loc[cells["b"] == "other noise", "value"].unique() == pytest.approx([-0.1])
