"""Results of a small made-up campaign for the figures, and what a chart encodes."""

import json

import pandas as pd
from checkout import TINY

from creativity import store
from creativity.campaign.layout import Run, runs
from creativity.campaign.validation import resolve
from creativity.figures.results import Results
from creativity.laws.table import LAW
from creativity.measures.pairs import PAIRS
from creativity.measures.receptive_field import RECEPTIVE_FIELD

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


def unet_axis():
    made = [
        Run("n40-s0", 40, f"pool{p}", "unet", "trained", 0, {"family": "unet", "pooling": p, "width": 4}, None) for p in (0, 1, 2)
    ]
    wide = Run("n40-s0", 40, "wide", "unet", "trained", 0, {"family": "unet", "pooling": 2, "width": 8}, None)
    return [*made, wide, *(run for run in EVERY if run.kind == "control")]


def write_comparisons(root, every=EVERY):
    """Tables of laws, pairs and receptive fields: the law of run i has the variance i + 1, and so have its samples."""
    lawful = [(i + 1.0, run) for i, run in enumerate(every) if run.family in ("bayes", "linear")]
    held = [(*run[:6], run.family, "variance", j, v, v, 0.5, v + 1, None, 40) for v, run in lawful for j in (0, 1)]
    held += [(*row[:7], "monotone", None, 1.0, 0.75, 0.5, 0.9, None, 40) for row in held[:1]]
    trained, closed = ([run for run in every if run.kind == kind] for kind in ("trained", "closed form"))
    names = ("network_determination", "network_chance_determination", "determination", "chance_determination")
    pairs = [
        ("n40-s0", a.denoiser, a.seed, "n40-s0", b.denoiser, 0, name, sigma, value - ("chance" in name), None, None, 40, 0)
        for a in trained
        for b, value in zip(closed, (0.9, 0.4), strict=False)
        for sigma in (80.0, 0.002, None)
        for name in names
        if name.startswith("network") == (sigma is not None)
    ]
    sides = [(sigma, side, side / 9, 0.0, 1.0, 8) for sigma in (80.0, 0.002) for side in range(1, 10, 2)]
    seen = [(*run[:6], *side) for run in every if run.kind != "control" for side in sides]
    store.write(root / "laws.parquet", store.RUN | LAW, held, STAMP)
    store.write(root / "pairs.parquet", PAIRS, pairs, STAMP)
    store.write(root / "receptive_fields.parquet", store.RUN | RECEPTIVE_FIELD, seen, STAMP)


def points(chart, column):
    """The rows of all data in a chart that have this column."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows if column in row]


def marks(chart):
    """All unit charts within a composed one, as dictionaries."""
    spec = chart.to_dict()
    pending, found = [spec], []
    while pending:
        node = pending.pop()
        pending += [child for key in ("layer", "concat", "hconcat", "vconcat") for child in node.get(key, [])]
        found += [node] if "mark" in node else []
    return spec, found
