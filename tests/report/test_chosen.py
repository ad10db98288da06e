"""Which samples the page shows: what says most of each kind, ties in the order of the noises, the same on every run."""

import numpy as np
import pandas as pd

from creativity.measures.classes import COLLAGE, COPY, NEW_REAL
from creativity.report import chosen

NAMES = ["nearest_distance", "denoising_error", "p_copy", "p_collage", "collage_residual"]


def wide(*rows):
    """A table as of `by_sample`, a row a sample: d1, error, p_copy, p_collage, residual, class, collage."""
    return pd.DataFrame(list(rows), columns=[*NAMES, "class", "collage"]).rename_axis("sample")


def test_each_kind_has_its_most_telling_samples_first():
    table = wide(
        (3.0, 0.1, 0.03, 0.9, 9.0, COPY, None),
        (1.0, 0.9, 0.01, 0.9, 9.0, COPY, None),
        (2.0, 0.2, 0.01, 0.9, 9.0, COPY, None),
        (5.0, 0.5, 0.90, 0.04, 2.0, COLLAGE, "part copy"),
        (6.0, 0.3, 0.90, 0.04, 1.0, COLLAGE, "part copy"),
        (7.0, 0.4, 0.90, 0.01, 3.0, COLLAGE, "mosaic"),
        (4.0, np.nan, 0.90, 0.9, 9.0, NEW_REAL, None),
    )
    found = chosen.choose(table, total=9, most=2)
    assert found.kinds == {
        "nearest": [1, 2],
        "copy": [1, 2],
        "part copy": [4, 3],
        "mosaic": [5],
        "median": [6, 0],
        "strangest": [1, 3],
    }
    assert found.total == 9
    assert found.counts == {"copy": 3, "collage": 3, "new and real": 1, "new and unreal": 0, "part copy": 2, "mosaic": 1}


def test_equals_stand_in_the_order_of_the_noises_whatever_the_order_of_the_rows():
    table = wide(*[(1.0, 0.5, 0.5, 0.5, 1.0, NEW_REAL, None)] * 6)
    found = chosen.choose(table, 6, most=3)
    assert found == chosen.choose(table.iloc[::-1].sort_index(), 6, most=3)
    assert found.kinds["nearest"] == found.kinds["strangest"] == [0, 1, 2]


def test_without_measures_the_first_samples_stand_for_all():
    assert chosen.choose(None, total=5, most=3).kinds == {"nearest": [0, 1, 2]}
    assert chosen.choose(None, total=2, most=3).kinds == {"nearest": [0, 1]}


def test_a_copy_without_a_p_value_comes_after_those_with_one():
    table = wide((1.0, 0.1, np.nan, 0.5, 1.0, COPY, None), (2.0, 0.1, 0.05, 0.5, 1.0, COPY, None))
    assert chosen.choose(table, 2, most=2).kinds["copy"] == [1, 0]


def test_measures_of_other_names_are_no_columns():
    rows = [(0, "nearest_distance", "pixel", 2.0, None), (0, "other", "pixel", 1.0, None), (0, "class", "pixel", None, COPY)]
    table = chosen.by_sample(pd.DataFrame(rows, columns=["sample", "measure", "space", "value", "text"]))
    assert list(table.columns) == chosen.MEASURES
    assert (table.loc[0, "nearest_distance"], table.loc[0, "class"]) == (2.0, COPY)


def test_places_are_those_among_the_samples_shown():
    assert chosen.places({"nearest": [7, 2], "copy": [9]}, [2, 5, 7]) == {"nearest": [2, 0], "copy": []}


def test_noises_in_common_are_taken_of_every_run_before_a_second_of_one():
    choices = [{"nearest": [3, 1], "strangest": [8]}, {"nearest": [5], "strangest": [6]}]
    assert chosen.common(choices, most=2) == [3, 6]
    assert chosen.common(choices, most=9) == [1, 3, 5, 6, 8]


def test_the_density_counts_every_sample_that_has_a_place_in_its_square():
    table = wide(
        *((d, e, 1.0, 1.0, 1.0, NEW_REAL, None) for d, e in ((0.0, 0.0), (0.39, 0.0), (2.0, 6.0), (900.0, 6.0), (np.nan, 1.0)))
    )
    squares = chosen.density(table, {"novelty": 2.0, "realism": 3.0})
    assert squares == [[0, 1], [1, 1], [20 * chosen.SQUARES + 10, 1], [20 * chosen.SQUARES + 29, 1]]
    assert chosen.density(table, {"novelty": None, "realism": None}) == []
