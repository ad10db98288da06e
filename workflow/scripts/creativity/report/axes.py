"""The axes along which runs of a campaign differ in one number alone."""

import json
from typing import Any

import pandas as pd

from creativity.figures.architecture import axes_of
from creativity.report.run_tables import RunTables


def axes(all_tables: list[RunTables]) -> list[dict[str, Any]]:
    """The axes along which runs differ: numeric options of families, receptive field, number of training images.

    points: [run, x, line]; runs of one line differ in x alone. line: None where nothing joins them.
    """
    config = pd.DataFrame(
        [(e.run.denoiser, e.run.seed, e.run.family, e.run.kind, json.dumps(e.run.config, sort_keys=True)) for e in all_tables],
        columns=["denoiser", "seed", "family", "kind", "config"],
    ).drop_duplicates(["denoiser", "seed"])
    table = axes_of(config)
    all_axes: list[dict[str, Any]] = []
    for name, part in table.groupby("axis", sort=False):
        mine = {(str(row.denoiser), row.seed): row for row in part.itertuples()}
        points = []
        for i, tables in enumerate(all_tables):
            row = mine.get((tables.run.denoiser, tables.run.seed))
            if row is not None:
                points.append([i, row.x, f"{row.line} {tables.run.subset} {tables.run.seed}", row.label])
        all_axes.append({"name": name, "points": points, "log": str(name).endswith("width")})
    numbered = [(i, tables.run, known_field(tables)) for i, tables in enumerate(all_tables)]
    fields: list[list[Any]] = [[i, field, None, run.denoiser] for i, run, field in numbered if field is not None]
    if len({point[1] for point in fields}) > 1:
        all_axes.append({"name": "receptive field", "points": fields, "log": False})
    sizes: list[list[Any]] = [
        [i, run.n, f"{run.denoiser} {run.subset.split('-')[1]} {run.seed}", run.denoiser] for i, run, _ in numbered
    ]
    if len({point[1] for point in sizes}) > 1:
        all_axes.append({"name": "training images n", "points": sizes, "log": True})
    return all_axes


def known_field(tables: RunTables) -> int | None:
    return json.loads(tables.facts.get("run", "{}")).get("receptive_field") if tables.run.kind != "control" else None
