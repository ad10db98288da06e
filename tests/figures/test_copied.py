import numpy as np
import pytest
from drawn import EVERY, STAMP, marks, points, results

from creativity import store
from creativity.figures.copied import draw, fifths, words
from creativity.measures.copied import ATTRIBUTES, COPIED, FIRST


def write(root, names, correlation):
    """Ten training images, of which the i-th most isolated and the i-th least prototypical has i samples near it."""
    runs = [run for run in EVERY if run.denoiser in names]
    images = [(*run[:6], f"t{i}", None, 0, None, i, 1.0 + i, 2.0 + i, 1) for run in runs for i in range(10)]
    store.write(root / "copied.parquet", COPIED, images, STAMP)
    tests = [(*run[:6], which, correlation, 0.01, 0.04, 2.0, 45, 9, 10) for run in runs for which in ATTRIBUTES]
    store.write(root / "copied_first.parquet", FIRST, tests, STAMP)


def test_a_dot_a_fifth_of_the_images_by_each_attribute(tmp_path):
    write(tmp_path, ["bayes"], 1.0)
    chart = draw(results(tmp_path))
    dots = points(chart, "copies")
    assert [row["copies"] for row in dots] == [0.5, 2.5, 4.5, 6.5, 8.5, 8.5, 6.5, 4.5, 2.5, 0.5]
    assert {row["images"] for row in dots} == {2}
    assert all(row["low"] <= row["copies"] <= row["high"] for row in dots)
    titles = str(chart.to_dict())
    assert "bayes: ρ = 1.00, told from 0 in 1 of 1" in titles


def test_without_copies_it_says_so(tmp_path):
    write(tmp_path, ["bayes"], None)
    assert "no denoiser copies enough to tell" in str(draw(results(tmp_path)).to_dict())


def test_a_denoiser_that_is_not_told_of_has_no_row(tmp_path):
    write(tmp_path, ["bayes", "linear"], -0.5)
    _, units = marks(draw(results(tmp_path)))
    assert len(units) == 2 * 2 * 2  # denoisers, attributes, marks


def test_images_that_tie_are_in_one_fifth():
    table = fifths(np.ones(9), np.zeros(9))
    assert table["images"].tolist() == [0, 0, 9, 0, 0]
    assert np.isnan(table["copies"].iloc[0])
    assert table["copies"].iloc[2] == 1


def test_words_count_trainings(tmp_path):
    write(tmp_path, ["mlp", "cnn"], 0.5)
    tests = store.read(tmp_path / "copied_first.parquet").to_pandas()
    assert words(tests, "isolation") == "ρ = 0.50, told from 0 in 2 of 2"
    assert words(tests.iloc[:0], "isolation") == "as many copies of each"
    assert tests["correlation"].iloc[0] == pytest.approx(0.5)
