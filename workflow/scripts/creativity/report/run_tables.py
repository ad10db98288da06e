"""The result files of a run that the page shows, as far as they are there."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from creativity import store
from creativity.campaign.layout import Run
from creativity.figures.results import copier_to_noise
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


class RunTables(NamedTuple):
    """The tables of one run that could be read; the others are None."""

    run: Run
    samples: Any
    neighbours: pd.DataFrame | None
    provenance: pd.DataFrame | None
    values: pd.DataFrame | None
    measures: pd.DataFrame | None
    losses: pd.DataFrame | None
    history: pd.DataFrame | None
    facts: dict[str, Any]
    missing: list[str]


def read_run(root: Path, run: Run, outdated: bool = False) -> RunTables:
    """What there is of a run."""
    missing: list[str] = []

    def read(name: str) -> Any:
        try:
            if not outdated:
                return store.read(run.file(root, name))
        except store.StoreError:
            pass
        missing.append(name)
        return None

    def table(name: str) -> pd.DataFrame | None:
        content = read(name)
        return None if content is None else content.to_pandas()

    trained = run.kind == "trained"
    if trained and (outdated or not run.file(root, "model.safetensors").is_file()):
        missing.append("model.safetensors")
    history, losses = (table(name) if trained else None for name in ("history.parquet", "losses.parquet"))
    samples = read("samples.parquet")
    facts = store.footer(run.file(root, "samples.parquet")) if samples is not None else {}
    return RunTables(
        run,
        samples,
        neighbours=table("neighbours.parquet"),
        provenance=table("provenance.parquet"),
        values=table("sample_measures.parquet"),
        measures=table("measures.parquet"),
        losses=losses,
        history=history,
        facts=facts,
        missing=missing,
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
