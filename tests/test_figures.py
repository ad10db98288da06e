"""Figures of a small made-up campaign: what they encode, in what order, in which colours."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from checkout import ROOT, TINY

from creativity import families, store
from creativity.campaign.layout import FIGURES, Run, runs
from creativity.campaign.validation import resolve
from creativity.figures import paper
from creativity.figures.along_training import draw as draw_along_training
from creativity.figures.architecture import axes_of
from creativity.figures.architecture import draw as draw_architecture
from creativity.figures.explained_by import draw as draw_explained
from creativity.figures.law_beside_samples import draw as draw_laws
from creativity.figures.loss_by_sigma import draw as draw_losses
from creativity.figures.nearest_distances import ecdf
from creativity.figures.phase import draw as draw_phase
from creativity.figures.receptive_field_by_sigma import draw as draw_fields
from creativity.figures.results import Results
from creativity.laws.table import LAW
from creativity.measures.pairs import PAIRS
from creativity.measures.phase import PHASE
from creativity.measures.receptive_field import RECEPTIVE_FIELD
from creativity.training import trainer as train

STAMP = store.Stamp("test", "content", "code", "commit")
CAMPAIGN = resolve(TINY, "tiny")
EVERY = [run for run in runs(CAMPAIGN) if run.subset == "n40-s0"]


def results(tmp_path, every=EVERY):
    """Results whose measures are made up: the distance of run i is i."""
    rows = [(*run[:6], json.dumps(run.config), 10, None, "trained", 1.0) for run in every]
    table = pd.DataFrame(rows, columns=[*store.RUN, "config", "parameters", "receptive_field", "status", "seconds"])
    names = ("nearest_distance", "memorised", "real", "coverage")
    values = [(*run[:6], name, "pixel", i, i - 0.1, i + 0.1, 40) for i, run in enumerate(every) for name in names]
    measures = pd.DataFrame(values, columns=[*store.RUN, *store.MEASURE])
    steps = [
        (*run[:6], step, 6, name, "pixel", value, None, None, 40)
        for run in every
        if run.kind == "trained"
        for step, loss in ((5, 0.9), (20, 0.5))
        for name, value in (("train_loss", loss), ("nearest_distance", 10 * loss))
    ]
    convergence = pd.DataFrame(steps, columns=[*store.RUN, "step", "sampling_steps", *store.MEASURE])
    return Results(tmp_path, CAMPAIGN, "n40-s0", every, table, measures, convergence)


def write_comparisons(root, every=EVERY):
    """Tables of laws, pairs and receptive fields: the law of run i has the variance i + 1, and so have its samples."""
    lawful = [(i + 1.0, run) for i, run in enumerate(every) if run.family in ("bayes", "linear")]
    held = [(*run[:6], run.family, "variance", j, v, v, 0.5, v + 1, None, 40) for v, run in lawful for j in (0, 1)]
    held += [(*row[:7], "monotone", None, 1.0, 0.75, 0.5, 0.9, None, 40) for row in held[:1]]
    trained, closed = ([run for run in every if run.kind == kind] for kind in ("trained", "closed form"))
    names = ("network_determination", "chance_network_determination", "determination", "chance_determination")
    pairs = [
        ("n40-s0", a.denoiser, a.seed, "n40-s0", b.denoiser, 0, name, sigma, value - ("chance" in name), None, None, 40)
        for a in trained
        for b, value in zip(closed, (0.9, 0.4), strict=False)
        for sigma in (80.0, 0.002, None)
        for name in names
        if name.endswith("network_determination") == (sigma is not None)
    ]
    sides = [(sigma, side, side / 9, 0.0, 1.0, 8) for sigma in (80.0, 0.002) for side in range(1, 10, 2)]
    seen = [(*run[:6], *side) for run in every if run.kind != "control" for side in sides]
    store.write(root / "laws.parquet", store.RUN | LAW, held, STAMP)
    store.write(root / "pairs.parquet", PAIRS, pairs, STAMP)
    store.write(root / "receptive_fields.parquet", store.RUN | RECEPTIVE_FIELD, seen, STAMP)


def points(chart, column):
    """The rows of all data in a chart that have this column."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows if column in row]


def test_a_law_stands_beside_its_samples_and_a_map_that_is_not_monotone_is_told(tmp_path):
    write_comparisons(tmp_path)
    spec = draw_laws(results(tmp_path)).to_dict()
    titles = [panel["title"] for panel in spec["concat"]]
    assert [title["text"] for title in titles] == ["bayes: law of bayes", "linear: law of linear"]
    assert "25% of maps not monotone" in titles[0]["subtitle"]
    assert "monotone" not in titles[1]["subtitle"]


def test_the_closed_form_that_explains_best_is_marked_and_chance_has_a_row(tmp_path):
    write_comparisons(tmp_path)
    cells = pd.DataFrame(points(draw_explained(results(tmp_path)), "column"))
    assert set(cells["a"]) == {"cnn", "mlp", "unet"}
    assert set(cells["b"]) == {"bayes", "linear", "other noise"}
    assert set(cells.loc[cells["best"], "b"]) == {"bayes"}
    assert cells.groupby("a")["best"].sum().tolist() == [3, 3, 3]
    assert cells.loc[cells["b"] == "other noise", "value"].unique() == pytest.approx([-0.1])


def test_the_measured_field_is_where_ninety_percent_of_the_energy_lie(tmp_path):
    write_comparisons(tmp_path)
    chart = draw_fields(results(tmp_path))
    assert {round(row["side"], 9) for row in points(chart, "sigma")} == {8.1}
    assert len(chart.to_dict()["concat"]) == sum(run.kind != "control" for run in EVERY)


@pytest.mark.parametrize("draw", [draw_laws, draw_explained, draw_fields])
def test_campaigns_without_closed_forms_without_networks_or_with_neither_have_these_figures_too(tmp_path, draw):
    for kinds in (("control", "trained"), ("control", "closed form"), ("control",)):
        every = [run for run in EVERY if run.kind in kinds]
        write_comparisons(tmp_path, every)
        assert draw(results(tmp_path, every)).to_dict()["title"]["text"]
    assert "No " in draw(results(tmp_path, every)).to_dict()["title"]["text"]


def marks(chart):
    """All unit charts within a composed one, as dictionaries."""
    spec = chart.to_dict()
    pending, found = [spec], []
    while pending:
        node = pending.pop()
        pending += [child for key in ("layer", "concat", "hconcat", "vconcat") for child in node.get(key, [])]
        found += [node] if "mark" in node else []
    return spec, found


def test_every_family_has_a_colour_of_its_own():
    present, colours = {run.family for run in EVERY if run.kind != "control"} | {"control"}, families.colours()
    assert present <= set(colours)
    assert len(set(colours.values())) == len(colours)


@pytest.mark.parametrize("draw", [draw_architecture, draw_along_training])
def test_figures_say_what_is_seen_and_name_the_campaign(tmp_path, draw):
    spec, found = marks(draw(results(tmp_path, unet_axis())))
    assert "(tiny, n40-s0)" in spec["title"]["text"]
    assert spec["title"]["subtitle"]
    titled = [unit["encoding"]["y"]["title"] for unit in found if "title" in unit.get("encoding", {}).get("y", {})]
    assert titled
    assert all(titled)


def unet_axis():
    made = [Run("n40-s0", 40, f"pool{p}", "unet", "trained", 0, {"family": "unet", "pooling": p, "width": 4}) for p in (0, 1, 2)]
    wide = Run("n40-s0", 40, "wide", "unet", "trained", 0, {"family": "unet", "pooling": 2, "width": 8})
    return [*made, wide, *(run for run in EVERY if run.kind == "control")]


def test_an_axis_joins_runs_that_differ_in_one_number_alone(tmp_path):
    found = axes_of(results(tmp_path, unet_axis()).runs)
    by_axis = {axis: part["denoiser"].tolist() for axis, part in found.groupby("axis")}
    assert by_axis == {"unet: pooling": ["pool0", "pool1", "pool2"], "unet: width": ["pool2", "wide"]}


def test_controls_stand_in_every_panel(tmp_path):
    _, found = marks(draw_architecture(results(tmp_path, unet_axis())))
    rules = [unit for unit in found if "strokeDash" in unit["encoding"]]
    assert len(rules) == 2 * 5


def test_the_distribution_function_runs_from_0_to_1():
    part = pd.DataFrame({"nearest_distance": [3.0, 1.0, 2.0, 2.0], "denoiser": "a", "seed": 0, "colour": "unet"})
    curve = ecdf(part)
    assert curve["share"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve["x"].tolist() == [1, 1, 2, 2, 3]
    assert len(ecdf(pd.concat([part] * 500))) == 101


def test_only_the_last_checkpoint_is_drawn_by_sigma(tmp_path):
    trained = [run for run in EVERY if run.kind == "trained"]
    for run in trained:
        run.file(tmp_path, "x").parent.mkdir(parents=True)
        rows = [(step, split, 0.1, 0.4, float(step)) for step in (5, 20) for split in ("train", "heldout")]
        store.write(run.file(tmp_path, "losses.parquet"), train.LOSSES, rows, STAMP)
    _, found = marks(draw_losses(results(tmp_path)))
    data = [value for unit in found if "strokeDash" in unit["encoding"] for value in [unit["encoding"]["x"]]]
    assert len(data) == len(trained)
    spec = draw_losses(results(tmp_path)).to_dict()
    points = [row for rows in spec["datasets"].values() for row in rows if "sigma" in row]
    assert {row["step"] for row in points} == {20}
    assert [row["sigma"] for row in points] == pytest.approx([0.2] * len(points))


def test_a_campaign_without_training_has_figures_too(tmp_path):
    closed = [run for run in EVERY if run.kind != "trained"]
    for draw in (draw_losses, draw_along_training, draw_architecture):
        assert draw(results(tmp_path, closed)).to_dict()
    assert np.isnan(results(tmp_path, closed).value("nobody", "real"))


def test_an_open_end_of_a_phase_is_said_in_words(tmp_path):
    shares = {"copies": (1.0, 1.0), "creates": (0.0, 0.0), "crosses": (1.0, 0.0)}
    every = [Run(f"n{n}-s0", n, name, "unet", "trained", 0, {}) for name in shares for n in (20, 40)]
    found = results(tmp_path, every)
    found.measures["value"] = found.measures["value"].astype(float)
    found.measures.loc[found.measures["measure"] == "memorised", "value"] = [share for both in shares.values() for share in both]
    ends = {"copies": np.inf, "creates": 0.0, "crosses": 28.3}
    rows = [(name, "unet", "trained", end, end, end, 1, 40) for name, end in ends.items()]
    store.write(tmp_path / "phase.parquet", PHASE, rows, STAMP)
    store.write(tmp_path / "pairs.parquet", PAIRS, [], STAMP)
    spec, _ = marks(draw_phase(found._replace(subset=None)))
    said = {row["denoiser"]: row["said"] for rows in spec["datasets"].values() for row in rows if "said" in row}
    assert said == {"copies": "copies at 40 still", "creates": "creates at 20 already", "crosses": "28"}


def test_a_phase_says_how_alike_trainings_on_disjoint_images_are_and_nothing_where_images_are_shared(tmp_path):
    every = [Run(f"n{n}-s{seed}", n, "unet", "unet", "trained", 0, {}) for n in (20, 40) for seed in (0, 1)]
    found = results(tmp_path, every)
    found.measures["value"] = found.measures["value"].astype(float)
    store.write(tmp_path / "phase.parquet", PHASE, [("unet", "unet", "trained", 30.0, 25.0, 35.0, 2, 40)], STAMP)

    def pair(n, measure, value, sigma=None, b="unet"):
        return (f"n{n}-s0", "unet", 0, f"n{n}-s1", b, 0, measure, sigma, value, value, value, 40)

    alike = [pair(n, "squared_correlation", value) for n, value in ((20, 0.2), (40, 0.7))]
    chance = [pair(n, "chance_squared_correlation", 0.1) for n in (20, 40)]
    others = [pair(20, "determination", 0.9), pair(20, "squared_correlation", 0.9, sigma=1.0)]
    store.write(tmp_path / "pairs.parquet", PAIRS, alike + chance + others, STAMP)
    whole = found._replace(subset=None)
    subsets = replace(found.campaign.subsets, sizes=(20, 40), seeds=(0, 1), heldout=40)
    agreement = [("agreement", 20, 0.2), ("agreement", 40, 0.7), ("chance", 20, 0.1), ("chance", 40, 0.1)]
    for disjoint, expected in ((True, agreement), (False, [])):
        campaign = replace(found.campaign, subsets=replace(subsets, disjoint=disjoint))
        spec = draw_phase(whole._replace(campaign=campaign)).to_dict()
        drawn = {(row["kind"], row["n"], row["value"]) for rows in spec["datasets"].values() for row in rows if "subset_a" in row}
        assert sorted(drawn) == expected
        assert ("disjoint" in str(spec["title"])) == disjoint


def test_figures_for_a_paper_fit_a_page_and_have_a_caption_each():
    made = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" viewBox="0 0 1 1"></svg>'
    wide, high = made.format(890, 600), made.format(400, 1200)
    assert 'width="178.00mm" height="120.00mm"' in paper.sized(wide)
    assert 'width="80.00mm" height="240.00mm"' in paper.sized(high)
    box = re.search(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", paper.pdf(wide))
    assert [float(side) / 72 * 25.4 for side in box.groups()] == pytest.approx([178, 120], abs=0.1)
    text = (ROOT / "workflow/report/figures/figure.rst").read_text()
    captions = [paper.caption(text, {"campaign": "tiny", "subset": "n40-s0", "figure": figure}) for figure in FIGURES]
    assert all(len(caption) > 150 and caption.endswith("Campaign tiny, subset n40-s0.\n") for caption in captions)
    assert len(set(captions)) == len(FIGURES)
