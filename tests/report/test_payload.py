"""What the page is made of."""

import re

import made_up
import numpy as np

from creativity import store
from creativity.campaign.layout import runs
from creativity.figures.theme import CLASS_SHAPES
from creativity.measures.classes import NAMES
from creativity.measures.pairs import PAIRS
from creativity.report import payload, pictures
from creativity.report.render import render


def test_a_campaign_of_which_nothing_has_run_has_a_page(tmp_path):
    campaign = made_up.campaign(tmp_path / "page")
    found = payload.build(tmp_path / "empty", campaign)
    assert {entry["status"] for entry in found["runs"]} == {"missing"}
    assert "<html" in render(found)


def test_the_tables_of_the_campaign_are_carried_where_they_are_there(built):
    found, root, campaign = built
    assert found["tables"] == {}
    columns = {"denoiser": store.TEXT, "value": store.REAL, "count": store.LONG, "held": store.FLAG}
    made_up.table(root, "controls", columns, [("copier", 0.5, 3, True), ("noise", None, None, False)])
    made_up.table(root, "phase", columns, [("bayes", np.inf, 1, True)])
    tables = payload.build(root, campaign)["tables"]
    assert tables["controls"] == {"columns": list(columns), "rows": [["copier", 0.5, 3, True], ["noise", None, None, False]]}
    assert tables["phase"]["rows"] == [["bayes", "∞", 1, True]]


def test_the_page_takes_pairs_of_one_subset_and_of_as_many_seeds_as_it_can_hold(built, monkeypatch):
    """Two subsets of three seeds each: 2 x 3 pairs of two denoisers at one seed, and 3 of one seed on both subsets."""
    _, root, campaign = built
    subsets = [("n10-s0", "n10-s0"), ("n20-s0", "n20-s0"), ("n10-s0", "n20-s0")]
    rows = [(a, "x", seed, b, "y", seed, "distance", None, 0.5, 0.4, 0.6, 9, 0) for seed in (0, 1, 2) for a, b in subsets]
    made_up.table(root, "pairs", PAIRS, rows)
    shown = payload.build(root, campaign)["tables"]["pairs"]
    assert len(shown["rows"]) == 6
    assert "note" not in shown
    monkeypatch.setattr(payload, "MOST_PAIRS", 5)
    shown = payload.build(root, campaign)["tables"]["pairs"]
    assert {row[2] for row in shown["rows"]} == {0, 1}
    assert shown["note"] == "Training seeds above 1 are left out here; pairs.parquet has all."
    (root / "pairs.parquet").unlink()


def test_large_campaigns_show_the_first_samples_and_say_so(tmp_path, monkeypatch):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=32)
    assert payload.build(root, campaign)["shown"] == 32
    number = len(runs(campaign))
    monkeypatch.setattr(payload, "MOST_SAMPLES", number * 16)
    found = payload.build(root, campaign)
    assert found["shown"] == 16
    assert {entry["samples"] for entry in found["runs"]} == {16}
    assert {len(entry["near"]) for entry in found["runs"]} == {16}
    monkeypatch.setattr(pictures, "MOST", number * 8 * 64 + 20 * 64)
    monkeypatch.setattr(pictures, "LOSSLESS", 100)
    found = payload.build(root, campaign)
    assert (found["shown"], found["lossless"]) == (8, False)


def test_the_same_results_give_the_same_page(built):
    found, root, campaign = built
    assert render(found) == render(payload.build(root, campaign))


def test_the_page_shows_classes_as_the_figures_do(built):
    kinds = built[0]["classes"]
    assert [kind["name"] for kind in kinds] == list(NAMES)
    assert {kind["name"]: kind["shape"] for kind in kinds} == CLASS_SHAPES
    shades = [kind["shade"] for kind in kinds]
    assert shades == sorted(shades, reverse=True)
    for kind in kinds:
        assert all(-1 <= float(number) <= 1 for number in re.findall(r"-?\d+(?:\.\d+)?", kind["shape"]))
