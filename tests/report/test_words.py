"""What measures are called on the page."""

from creativity.laws.table import LAW
from creativity.measures.classes import NAMES
from creativity.measures.registry import LABELS
from creativity.report.words import FIRST, LAWS, MEASURES, label, rank


def test_every_measure_and_class_has_a_label_of_its_own_and_what_is_unknown_its_name():
    classes = {f"class_{name.replace(' ', '_')}" for name in NAMES}
    assert {*LABELS, *classes} <= set(MEASURES)
    assert all(label(name) == text for name, text in LABELS.items())
    assert len({label(name) for name in MEASURES}) == len(MEASURES)
    assert label("something_new") == "something new"


def test_the_telling_measures_are_offered_first_and_the_others_by_name():
    assert set(FIRST) <= set(MEASURES)
    assert sorted(["vendi_score", "memorised", "density", "nearest_distance"], key=rank) == [
        "nearest_distance",
        "memorised",
        "density",
        "vendi_score",
    ]


def test_what_laws_are_asked_has_words():
    assert "measure" in LAW
    assert {"error", "error_max", "energy_distance", "training_image", "counts", "outside", "mean_offset", "escaped"} <= set(LAWS)
