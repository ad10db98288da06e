"""The result files of a run that the page shows, as far as they are there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from creativity import store
from creativity.campaign.layout import Run
from creativity.figures.results import copier_to_noise
from creativity.report.chosen import MEASURES, Chosen, by_sample, choose, density
from creativity.report.numbers import rounded

MADE_BY = {  # the files that a complete run has, and the rule that makes each
    "model.safetensors": "train",
    "history.parquet": "train",
    "losses.parquet": "train",
    "samples.parquet": "sample",
    "neighbours.parquet": "neighbours",
    "provenance.parquet": "neighbours",
    "sample_measures.parquet": "measure",
    "measures.parquet": "measure",
}
OF_SAMPLES = ("samples.parquet", "neighbours.parquet", "provenance.parquet", "sample_measures.parquet")


class RunTables(NamedTuple):
    """The tables of one run that could be read, the others are None; and which of its samples say most.

    density: of all its samples on the map.
    """

    run: Run
    chosen: Chosen
    density: list[list[int]]
    measures: pd.DataFrame | None
    losses: pd.DataFrame | None
    history: pd.DataFrame | None
    facts: dict[str, Any]
    missing: list[str]


class SampleTables(NamedTuple):
    """The rows of some samples of a run: their noises, pictures, neighbours, tiles and measures."""

    noises: list[int]
    pictures: Any
    neighbours: pd.DataFrame | None
    provenance: pd.DataFrame | None
    values: pd.DataFrame | None


def read_run(root: Path, run: Run, scales: Mapping[str, Any], outdated: bool = False) -> RunTables:
    """What there is of a run but for its samples. scales: of the map."""
    trained = run.kind == "trained"
    missing = [name for name in OF_SAMPLES if outdated or not is_readable(run.file(root, name))]
    missing += ["model.safetensors"] if trained and (outdated or not run.file(root, "model.safetensors").is_file()) else []

    def table(name: str) -> pd.DataFrame | None:
        stored = None if outdated else store.if_there(run.file(root, name))
        if stored is None:
            missing.append(name)
        return None if stored is None else stored.to_pandas()

    measures = table("measures.parquet")
    history, losses = (table(name) if trained else None for name in ("history.parquet", "losses.parquet"))
    samples = run.file(root, "samples.parquet")
    drawn = "samples.parquet" not in missing
    total, facts = (store.count(samples), store.footer(samples)) if drawn else (0, {})
    values = of_samples(root, run, missing) if drawn else None
    order = list(MADE_BY)
    told = choose(values, total), density(values, scales)
    return RunTables(run, *told, measures, losses, history, facts, sorted(missing, key=order.index))


def is_readable(path: Path) -> bool:
    try:
        store.footer(path)
    except store.StoreError:
        return False
    return True


def of_samples(root: Path, run: Run, missing: list[str]) -> pd.DataFrame | None:
    """The measures of all samples of a run that a choice is made by."""
    if "sample_measures.parquet" in missing:
        return None
    path = run.file(root, "sample_measures.parquet")
    return by_sample(store.part(path, measure=MEASURES, space=["pixel", "tile"]).to_pandas())


def read_samples(root: Path, tables: RunTables, noises: Sequence[int]) -> SampleTables:
    """The samples of a run that are to be shown."""
    run = tables.run

    def part(name: str, **among: list[str]) -> Any:
        return None if name in tables.missing else store.part(run.file(root, name), sample=noises, **among)

    def table(name: str, **among: list[str]) -> pd.DataFrame | None:
        rows = part(name, **among)
        return None if rows is None else rows.to_pandas()

    samples = part("samples.parquet") if noises else None
    return SampleTables(
        noises=[] if samples is None else samples["sample"].to_pylist(),
        pictures=np.zeros((0, 1, 1, 1), np.float32) if samples is None or not len(samples) else store.pictures(samples),
        neighbours=table("neighbours.parquet", space=["pixel"]),
        provenance=table("provenance.parquet"),
        values=table("sample_measures.parquet", space=["pixel", "tile"]),
    )


def in_order(all_tables: list[RunTables]) -> list[RunTables]:
    """From copier to noise, then by subset and seed."""
    distance: dict[str, list[float]] = {}
    for tables in all_tables:
        value = (measures_of(tables) or {}).get("nearest_distance:pixel")
        if value and value[0] is not None:
            distance.setdefault(tables.run.denoiser, []).append(value[0])
    means = {name: float(np.mean(values)) for name, values in distance.items()}
    order = copier_to_noise({tables.run.denoiser: tables.run.kind for tables in all_tables}, means)
    rank = {name: i for i, name in enumerate(order)}
    return sorted(all_tables, key=lambda tables: (rank[tables.run.denoiser], tables.run.n, tables.run.subset, tables.run.seed))


def measures_of(tables: RunTables) -> dict[str, list[Any]] | None:
    """Measures of the set by "name:space": value, low, high, count."""
    if tables.measures is None:
        return None
    table = tables.measures
    keys = table["measure"] + ":" + table["space"]
    columns = (rounded(table[name]) for name in ("value", "low", "high"))
    return dict(zip(keys, map(list, zip(*columns, table["count"].tolist(), strict=True)), strict=True))
