"""What the page is made of."""

import base64
import io
import json
import re

import made_up
import numpy as np
import pytest
from PIL import Image

from creativity import store
from creativity.campaign.layout import runs
from creativity.figures.theme import CLASS_SHAPES
from creativity.measures.classes import NAMES
from creativity.report import payload, pictures
from creativity.report.render import render


def picture(sheet, i):
    """One picture, cut from its sheet."""
    whole = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet["uri"].split(",")[1]))))
    side, columns = sheet["side"], sheet["columns"]
    top, left = i // columns * side, i % columns * side
    return whole[top : top + side, left : left + side]


def test_every_sample_has_its_picture_its_neighbours_and_its_tiles(built):
    found, root, campaign = built
    assert len(found["runs"]) == len(runs(campaign))
    train = found["subsets"][0]
    ids = store.ids(root / "subsets/n20-s0/train.parquet")
    images = store.levels(store.read(root / "subsets/n20-s0/train.parquet"))
    for entry in found["runs"]:
        run = next(run for run in runs(campaign) if run.key == entry["key"])
        samples = store.pictures(store.read(run.file(root, "samples.parquet")))
        assert (picture(entry["sheet"], 5)[..., 0] == pictures.levels(samples)[5, 0]).all()
        rows = store.read(run.file(root, "neighbours.parquet")).to_pandas().query("sample == 5")
        places, distances, mirrored = entry["near"]["5"]
        assert [train["ids"][place] for place in places] == rows["neighbour"].tolist()
        assert distances == pytest.approx(rows["distance"].tolist(), rel=1e-3)
        assert mirrored == rows["mirrored"].tolist()
        assert (picture(train["train"], places[0])[..., 0] == images[ids.index(rows["neighbour"].iloc[0]), 0]).all()
        tiles = store.read(run.file(root, "provenance.parquet")).to_pandas().query("sample == 5")
        assert [train["ids"][place] for place in entry["tiles"]["5"][0]] == tiles["source"].tolist()
        assert entry["values"]["nearest_distance"][5] == pytest.approx(distances[0])
        assert entry["commit"] == made_up.STAMP.git_commit


def test_runs_stand_in_the_order_from_copier_to_noise(built):
    distances = [entry["measures"]["nearest_distance:pixel"][0] for entry in built[0]["runs"]]
    assert distances == sorted(distances)


def test_what_is_missing_or_diverged_is_named_and_the_rest_is_complete(tmp_path):
    root = tmp_path / "page"
    campaign = made_up.campaign(root)
    by_name = {run.denoiser: run for run in runs(campaign)}
    made_up.crash(root, by_name["unet-pool1"])
    made_up.diverge(root, by_name["unet-pool2"])
    by_name["bayes"].file(root, "measures.parquet").write_bytes(b"half a file")
    entries = {entry["denoiser"]: entry for entry in payload.build(root, campaign)["runs"]}
    crashed = entries["unet-pool1"]
    assert crashed["status"] == "missing"
    assert {each["file"] for each in crashed["missing"]} == set(payload.MADE_BY)
    told = crashed["missing"][0]
    assert told["log"] == "logs/train/n20-s0-unet-pool1-0.log"
    assert told["said"] == "RuntimeError: out of memory"
    assert (entries["unet-pool2"]["status"], entries["unet-pool2"]["samples"], entries["unet-pool2"]["steps"]) == ("diverged", 0, 9)
    assert entries["unet-pool2"]["missing"] == []
    assert entries["bayes"]["status"] == "incomplete"
    assert [each["file"] for each in entries["bayes"]["missing"]] == ["measures.parquet"]
    assert entries["bayes"]["samples"] == 12
    assert entries["unet-pool0"]["missing"] == []


def test_the_files_of_a_run_that_is_not_up_to_date_do_not_count(tmp_path):
    campaign = made_up.campaign(tmp_path / "campaign")
    found = payload.build(tmp_path / "campaign", campaign, {"n20-s0/unet-pool1/seed0"})
    entries = {entry["denoiser"]: entry for entry in found["runs"]}
    assert (entries["unet-pool1"]["status"], entries["unet-pool1"]["samples"]) == ("missing", 0)
    assert {entry["status"] for name, entry in entries.items() if name != "unet-pool1"} == {"trained"}


def test_a_campaign_of_which_nothing_has_run_has_a_page(tmp_path):
    campaign = made_up.campaign(tmp_path / "page")
    found = payload.build(tmp_path / "empty", campaign)
    assert {entry["status"] for entry in found["runs"]} == {"missing"}
    assert "<html" in render(found)


def test_axes_join_runs_that_differ_in_one_number(tmp_path):
    root = tmp_path / "page"
    found = payload.build(root, made_up.campaign(root, sizes=[20, 12], seeds=(0, 1)))
    axes = {axis["name"]: axis["points"] for axis in found["axes"]}
    assert set(axes) == {"unet: pooling", "receptive field", "training images n"}
    lines = {}
    for run, x, line, _ in axes["unet: pooling"]:
        lines.setdefault(line, []).append((found["runs"][run]["subset"], found["runs"][run]["seed"], x))
    assert len(lines) == 4
    for members in lines.values():
        assert len({member[:2] for member in members}) == 1
        assert sorted(member[2] for member in members) == [0, 1, 2]
    assert {found["runs"][run]["n"] == x for run, x, *_ in axes["training images n"]} == {True}


def test_the_tables_of_the_campaign_are_carried_where_they_are_there(built):
    found, root, campaign = built
    assert found["tables"] == {}
    columns = {"denoiser": store.TEXT, "value": store.REAL, "count": store.LONG, "held": store.FLAG}
    made_up.table(root, "controls", columns, [("copier", 0.5, 3, True), ("noise", None, None, False)])
    made_up.table(root, "phase", columns, [("bayes", np.inf, 1, True)])
    tables = payload.build(root, campaign)["tables"]
    assert tables["controls"] == {"columns": list(columns), "rows": [["copier", 0.5, 3, True], ["noise", None, None, False]]}
    assert tables["phase"]["rows"] == [["bayes", "∞", 1, True]]


def test_large_campaigns_show_the_first_samples_and_say_so(tmp_path, monkeypatch):
    root = tmp_path / "page"
    campaign = made_up.campaign(root, count=32)
    assert payload.build(root, campaign)["shown"] == 32
    monkeypatch.setattr(payload, "MOST_SAMPLES", 9 * 16)
    found = payload.build(root, campaign)
    assert found["shown"] == 16
    assert {entry["samples"] for entry in found["runs"]} == {16}
    assert {len(entry["near"]) for entry in found["runs"]} == {16}
    monkeypatch.setattr(pictures, "MOST", 9 * 8 * 64 + 20 * 64)
    monkeypatch.setattr(pictures, "LOSSLESS", 100)
    found = payload.build(root, campaign)
    assert (found["shown"], found["lossless"]) == (8, False)


@pytest.mark.parametrize(("value", "text"), [(0.123456, "0.1235"), (3.0, "3"), (123456.0, "123500"), (np.nan, "null")])
def test_numbers_are_short(value, text):
    assert json.dumps(payload.number(value)) == text


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
