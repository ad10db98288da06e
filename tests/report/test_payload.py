"""What the page is made of."""

import re

import made_up
import numpy as np

from creativity import store
from creativity.campaign.layout import runs
from creativity.figures.theme import CLASS_SHAPES
from creativity.measures.classes import NAMES
from creativity.report import chosen, payload, pictures
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


def test_a_large_campaign_shows_the_samples_that_say_most(tmp_path, monkeypatch):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=32)
    whole = payload.build(root, campaign)
    assert whole["whole"]
    assert {entry["samples"] for entry in whole["runs"]} == {32}
    assert {len(entry["density"]) for entry in whole["runs"]} == {0}
    number = len(runs(campaign))
    monkeypatch.setattr(payload, "MOST_SAMPLES", number * 32 - 1)
    monkeypatch.setattr(payload, "MOST_CHOSEN", number * 2 * (len(chosen.KINDS) + payload.OTHERS))
    found = payload.build(root, campaign)
    assert not found["whole"]
    for entry, before in zip(found["runs"], whole["runs"], strict=True):
        first = before["values"]["nearest_distance"]
        nearest = [entry["noises"][place] for place in entry["kinds"]["nearest"]]
        assert nearest == sorted(range(32), key=first.__getitem__)[:2]
        strangest = [entry["noises"][place] for place in entry["kinds"]["strangest"]]
        assert strangest == sorted(range(32), key=before["values"]["denoising_error"].__getitem__)[:-3:-1]
        assert entry["total"] == sum(count for _, count in entry["density"]) == 32
        assert {name: entry["counts"][name] for name in NAMES} == {name: before["class"].count(name) for name in NAMES}
        assert [before["class"][noise] for noise in entry["noises"]] == entry["class"]
    assert len(set.intersection(*(set(entry["noises"]) for entry in found["runs"]))) >= 2 * payload.NOISES


def test_pictures_that_are_too_large_leave_room_for_fewer_samples(tmp_path, monkeypatch):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=32)
    number = len(runs(campaign)) * (len(chosen.KINDS) + payload.OTHERS)
    monkeypatch.setattr(pictures, "MOST", 32 * 64)
    monkeypatch.setattr(pictures, "MOST_CHOSEN", (3 * number + 20) * 64)
    assert {len(entry["kinds"]["nearest"]) for entry in payload.build(root, campaign)["runs"]} == {3}
    monkeypatch.setattr(pictures, "MOST_CHOSEN", (3 * number + 20) * 64 - 1)
    monkeypatch.setattr(pictures, "LOSSLESS", 100)
    found = payload.build(root, campaign)
    assert ({len(entry["kinds"]["nearest"]) for entry in found["runs"]}, found["lossless"]) == ({2}, False)


def test_training_images_are_carried_where_a_sample_that_is_shown_points_to_them(tmp_path):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=32, n=200)
    found = payload.build(root, campaign, most=1)
    pointed = {place for entry in found["runs"] for near in entry["near"].values() for place in near[0]}
    pointed |= {place for entry in found["runs"] for tiles in entry["tiles"].values() for place in tiles[0]}
    assert pointed == set(range(len(found["subsets"][0]["ids"])))
    assert len(pointed) < 200


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
