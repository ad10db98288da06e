"""Each measure is computed, named for people, and defined in the documentation; controls and spaces that it names exist."""

import re

import pytest
from checkout import ROOT

from creativity.families.control import CONTROLS
from creativity.fields import modules_in
from creativity.measures.classes import COLLAGE, COPY, NEW_REAL, column
from creativity.measures.registry import BOUNDS, EACH, FEATURES, NOVELTY, SAMPLE_MEASURES, SET_MEASURES

PAGE = (ROOT / "docs/measures.md").read_text()
MEASURES = (*SAMPLE_MEASURES, *SET_MEASURES)
SPACES = modules_in(ROOT / "workflow/scripts/creativity/neighbours/spaces")


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure_has_a_label_and_a_definition_in_the_documentation_too(measure):
    assert measure.label
    assert measure.definition.endswith(".")
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    assert any(f"`{measure.name}`" in row for row in rows), measure.name


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure_belongs_to_a_space_that_exists(measure):
    assert measure.space in {EACH, FEATURES, "tile", *SPACES}


def test_names_are_distinct_and_can_be_columns():
    names = [measure.name for measure in MEASURES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)


def test_bounds_are_asked_of_controls_that_exist_and_are_ranges():
    assert {bound.control for bound in BOUNDS} <= set(CONTROLS)
    classes = {column(name) for name in (COPY, COLLAGE, NEW_REAL)}
    measures = {"memorised", "memorised_cluster", "heldout_percentile", "indistinguishable", "within_range", "real", "critic_real"}
    assert {bound.measure for bound in BOUNDS} == measures | classes
    assert all(0 <= bound.low < bound.high <= 1 for bound in BOUNDS)
    assert {"memorised", "memorised_cluster", "heldout_percentile", "indistinguishable", column(COPY), column(COLLAGE)} == NOVELTY


@pytest.mark.parametrize("space", SPACES)
def test_a_space_that_is_known_is_in_the_documentation(space):
    assert f"`{space}`" in PAGE
