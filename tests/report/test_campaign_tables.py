"""The tables of the campaign on the page: they grow with neither runs nor pairs of runs, and say what they leave out."""

import made_up
import pytest

from creativity import store
from creativity.laws.table import LAW
from creativity.measures.claims import CLAIMS
from creativity.measures.pairs import PAIRS
from creativity.measures.times import TIMES
from creativity.report import campaign_tables
from creativity.report.campaign_tables import campaign_table


@pytest.fixture
def write(tmp_path):
    """Writes a table and gives it as the page has it."""

    def table(name, columns, rows, order=()):
        made_up.table(tmp_path, name, columns, rows)
        return campaign_table(tmp_path, name, order)

    return table


def test_pairs_are_of_one_subset_and_of_as_many_seeds_as_the_page_can_hold(write, monkeypatch):
    """Two subsets of three seeds each: 2 x 3 pairs of two denoisers at one seed, and 3 of one seed on both subsets."""
    subsets = [("n10-s0", "n10-s0"), ("n20-s0", "n20-s0"), ("n10-s0", "n20-s0")]
    rows = [(a, "x", seed, b, "y", seed, "distance", None, 0.5, 0.4, 0.6, 9, 0) for seed in (0, 1, 2) for a, b in subsets]
    shown = write("pairs", PAIRS, rows, "xy")
    assert len(shown["rows"]) == 6
    assert "note" not in shown
    monkeypatch.setattr(campaign_tables, "MOST_PAIRS", 5)
    shown = write("pairs", PAIRS, rows, "xy")
    assert {row[2] for row in shown["rows"]} == {0, 1}
    assert shown["note"] == "Training seeds above 1 are left out here; pairs.parquet has all."


def test_pairs_of_many_denoisers_are_those_of_some_from_copier_to_noise(write, monkeypatch):
    monkeypatch.setattr(campaign_tables, "MOST_SIDES", 3)
    names = "abcde"
    rows = [("s", a, 0, "s", b, 0, "distance", None, 0.5, 0.4, 0.6, 9, 0) for i, a in enumerate(names) for b in names[:i]]
    shown = write("pairs", PAIRS, rows, names)
    assert {(row[1], row[4]) for row in shown["rows"]} == {("c", "a"), ("e", "a"), ("e", "c")}
    assert shown["note"] == "Pairs of 3 of 5 denoisers, evenly from copier to noise; pairs.parquet has all."


def test_of_many_claims_the_surest_are_shown(write, monkeypatch):
    monkeypatch.setattr(campaign_tables, "MOST_ROWS", 2)
    rows = [("s", name, "z", "real", 0.1, 0.0, 0.2, p, p, 5, 9) for name, p in (("a", 0.5), ("b", None), ("c", 0.01), ("d", 0.02))]
    shown = write("claims", CLAIMS, rows)
    assert [row[1] for row in shown["rows"]] == ["c", "d"]
    assert shown["note"] == "Shown: 2 of 4 rows; claims.parquet has all."


def test_the_times_of_a_training_are_shown_with_what_follows(write):
    run = ("n20-s0", 20, "unet", "unet", "trained", 0)
    shown = write("times", store.RUN | TIMES, [(*run, None, 30, None, 20, 90, 4, 0.4, 0.5, 0.0, 0.1, 60, 0.7, "no copies")])
    assert shown["columns"] == campaign_tables.SHOWN["times"]
    assert shown["rows"] == [["n20-s0", "unet", 0, None, 30, 0, 60, 0.7, 90, 0.1, "no copies"]]


def test_of_many_controls_those_that_are_broken_are_shown(write, monkeypatch):
    monkeypatch.setattr(campaign_tables, "MOST_ROWS", 2)
    columns = {"control": store.TEXT, "held": store.FLAG}
    shown = write("controls", columns, [("a", True), ("b", True), ("c", False)])
    assert shown["rows"] == [["a", True], ["c", False]]


def test_laws_of_many_denoisers_are_those_of_some_with_their_first_seed(write, monkeypatch):
    monkeypatch.setattr(campaign_tables, "MOST_LAWS", 4)
    rows = [
        ("s", 9, name, "linear", "trained", seed, "linear", "variance", mode, 1.0, 1.0, 0.9, 1.1, None, 9)
        for name in "abcde"
        for seed in (1, 2)
        for mode in (0, 1)
    ]
    shown = write("laws", store.RUN | LAW, rows, "edcba")
    assert {(row[2], row[5]) for row in shown["rows"]} == {("a", 1), ("e", 1)}
    assert shown["note"] == "Laws of 2 of 5 denoisers, evenly from copier to noise; laws.parquet has all."
