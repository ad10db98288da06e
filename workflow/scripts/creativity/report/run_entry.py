"""One run on the page: what it is, what it measured, and its samples with what they are shown beside."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from creativity.campaign.layout import Run
from creativity.report.chosen import Choice, places
from creativity.report.numbers import number, rounded
from creativity.report.run_tables import MADE_BY, RunTables, SampleTables, measures_of
from creativity.report.train_sheet import TrainSheet


def run_entry(
    root: Path, tables: RunTables, samples: SampleTables, kinds: Choice, whole: bool, sheet: TrainSheet
) -> dict[str, Any]:
    """One run: what it is, how it went, what it measured, and the samples that are shown. kinds: which of these say what.

    whole: whether all samples are shown. If not, the map has the density of all, and collages alone their tiles.
    """
    run = tables.run
    about = json.loads(tables.facts.get("run", "{}"))
    last = tables.history["step"].iloc[-1] if tables.history is not None and len(tables.history) else None
    seconds = tables.history["seconds"].iloc[-1] if tables.history is not None and len(tables.history) else None
    entry = {"key": run.key, **run._asdict(), "config": run.config}
    entry |= {name: about.get(name) for name in ("parameters", "receptive_field")}
    entry |= {"status": status(tables, about), "seconds": number(seconds), "steps": None if last is None else int(last)}
    entry |= {"commit": tables.facts.get("git_commit"), "content": tables.facts.get("content_hash")}
    entry |= {"missing": [{"file": name, **cause(root, run, name)} for name in tables.missing]}
    entry |= {"measures": measures_of(tables) or {}, "losses": losses_of(tables)}
    files, noises = about.get("files", []), samples.noises
    entry |= {
        "files": [files[noise] for noise in noises] if files else [],
        "total": tables.chosen.total,
        "counts": tables.chosen.counts,
    }
    entry |= {"samples": len(noises), "noises": noises, "kinds": places(kinds, noises), "density": [] if whole else tables.density}
    columns = sample_columns(samples)
    traced = [noise for noise, kind in zip(noises, columns["collage"], strict=False) if whole or kind]
    return entry | columns | nearest(samples, sheet) | tiles(samples, sheet, traced)


def status(tables: RunTables, about: dict[str, Any]) -> str:
    """The run's own word where it is complete; else missing, or incomplete."""
    if "samples.parquet" in tables.missing:
        return "missing"
    return "incomplete" if tables.missing else str(about.get("status"))


def cause(root: Path, run: Run, name: str) -> dict[str, str | None]:
    """Which rule should have made a file, its log, and the last line of that."""
    rule = MADE_BY[name] if name != "samples.parquet" or run.denoises else run.kind  # control or external
    log = Path("logs", rule, f"{run.subset}-{run.denoiser}-{run.seed}.log")
    try:
        lines = (root / log).read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        lines = []
    said = next((line.strip() for line in reversed(lines) if line.strip()), None)
    return {"rule": rule, "log": log.as_posix() if lines else None, "said": said[:300] if said else None}


def losses_of(tables: RunTables) -> dict[str, list[list[Any]]]:
    """Of the last checkpoint, by split: noise level and loss. sigma is the geometric middle of its bin."""
    if tables.losses is None or not len(tables.losses):
        return {}
    last = tables.losses[tables.losses["step"] == tables.losses["step"].max()]
    last = last.assign(sigma=np.sqrt(last["sigma_low"] * last["sigma_high"]))
    return {str(split): [rounded(part["sigma"]), rounded(part["loss"])] for split, part in last.groupby("split")}


def sample_columns(samples: SampleTables) -> dict[str, Any]:
    """Measures of each sample in pixels and tiles: {name: values}, its class, and the kind of a collage; None where it has none."""
    table = samples.values
    if table is None or not len(table):
        return {"values": {}, "class": [], "collage": []}
    wide = table[table["text"].isna()].pivot(index="sample", columns="measure", values="value").reindex(samples.noises)
    columns = {str(name): rounded(wide[name]) for name in wide.columns}
    return {"values": columns, "class": texts_of(samples, "class"), "collage": texts_of(samples, "collage")}


def texts_of(samples: SampleTables, measure: str) -> list[str | None]:
    """What a measure that is a word says of each sample; None where it says nothing."""
    table = samples.values
    texts = {} if table is None else table[table["measure"] == measure].set_index("sample")["text"].to_dict()
    return [texts.get(noise) for noise in samples.noises]


def nearest(samples: SampleTables, sheet: TrainSheet) -> dict[str, Any]:
    """The k nearest training images of each sample, by its place: places on the sheet, distances, mirrored or not, [samples][k]."""
    table = samples.neighbours
    return {"near": {} if table is None else columns_of(table, "neighbour", samples.noises, sheet, 4)}


def tiles(samples: SampleTables, sheet: TrainSheet, traced: Collection[int]) -> dict[str, Any]:
    """Where the tiles of some samples come from, row by row: places on the sheet, distances, mirrored or not."""
    if samples.provenance is None:
        return {"tiles": {}}
    table = samples.provenance[samples.provenance["sample"].isin(traced)]
    return {"tiles": columns_of(table.sort_values(["sample", "row", "col"], kind="stable"), "source", samples.noises, sheet, 3)}


def columns_of(
    table: pd.DataFrame, source: str, noises: Sequence[int], sheet: TrainSheet, digits: int
) -> dict[str, list[list[Any]]]:
    """By the place of each sample: which training images it has rows for, by their places, at which distances, mirrored or not."""
    at: dict[Any, str] = {noise: str(place) for place, noise in enumerate(noises)}
    return {
        at[sample]: [
            [sheet.number(id_) for id_ in part[source]],
            rounded(part["distance"], digits),
            [int(flag) for flag in part["mirrored"]],
        ]
        for sample, part in table.groupby("sample")
    }
