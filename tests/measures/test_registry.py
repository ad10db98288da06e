"""All measures, a row each: what is said of them is complete, and bounds speak of controls that there are."""

import re

from checkout import ROOT

from creativity.families.control import CONTROLS
from creativity.fields import modules_in
from creativity.measures.registry import BOUNDS, EACH, FEATURES, LABELS, NOVELTY, SAMPLE_MEASURES, SET_MEASURES

EVERY = [*SAMPLE_MEASURES, *SET_MEASURES]


def test_every_measure_has_a_name_a_label_and_a_sentence_of_its_own():
    assert len(LABELS) == len({measure.label for measure in EVERY}) == len(EVERY)
    assert all(re.fullmatch(r"[a-z_]+", measure.name) and re.fullmatch(r"\S.*\.", measure.definition) for measure in EVERY)


def test_measures_are_asked_in_spaces_that_there_are():
    spaces = {*modules_in(ROOT / "workflow/scripts/creativity/neighbours/spaces"), "tile"}
    assert {measure.space for measure in SAMPLE_MEASURES} <= {EACH, *spaces}
    assert {measure.space for measure in SET_MEASURES} <= {EACH, FEATURES}


def test_bounds_speak_of_controls_that_there_are():
    assert {bound.control for bound in BOUNDS} <= set(CONTROLS)
    assert {bound.measure for bound in BOUNDS} == {"memorised", "heldout_percentile", "real", "critic_real"}
    assert all(0 <= bound.low < bound.high <= 1 for bound in BOUNDS)
    assert {"memorised", "heldout_percentile"} == NOVELTY
