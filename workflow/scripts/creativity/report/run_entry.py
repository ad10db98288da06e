"""One run on the page: what it is, what it measured, and its samples with what they are shown beside."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from creativity import store
from creativity.campaign.layout import Run
from creativity.report import pictures
from creativity.report.numbers import number, rounded
from creativity.report.run_tables import MADE_BY, RunTables, measures_of
from creativity.report.train_sheet import TrainSheet


def run_entry(root: Path, tables: RunTables, sheet: TrainSheet, shown: int, lossless: bool) -> dict[str, Any]:
    """One run: what it is, how it went, what it measured, and its first samples."""
    run = tables.run
    about = json.loads(tables.facts.get("run", "{}"))
    last = tables.history["step"].iloc[-1] if tables.history is not None and len(tables.history) else None
    seconds = tables.history["seconds"].iloc[-1] if tables.history is not None and len(tables.history) else None
    entry = {"key": run.key, **run._asdict(), "config": run.config}
    entry |= {name: about.get(name) for name in ("parameters", "receptive_field")}
    entry |= {"status": status(tables, about), "seconds": number(seconds), "steps": None if last is None else int(last)}
    entry |= {"commit": tables.facts.get("git_commit"), "content": tables.facts.get("content_hash")}
    entry |= {"missing": [{"file": name, **cause(root, run, name)} for name in tables.missing]}
    entry |= {"measures": measures_of(tables) or {}, "losses": losses_of(tables), "files": about.get("files", [])[:shown]}
    images = (
        store.pictures(tables.samples)[:shown] if tables.samples is not None and len(tables.samples) else np.zeros((0, 1, 1, 1))
    )
    entry |= {"sheet": pictures.sheet(pictures.levels(images), lossless), "samples": len(images)}
    return entry | sample_columns(tables, shown) | nearest(tables, sheet, shown) | tiles(tables, sheet, shown)


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


def sample_columns(tables: RunTables, shown: int) -> dict[str, Any]:
    """Measures of each sample in pixels and tiles: {name: values}, its class, and the kind of a collage; None where it has none."""
    if tables.values is None or not len(tables.values):
        return {"values": {}, "class": [], "collage": []}
    table = tables.values[(tables.values["sample"] < shown) & tables.values["space"].isin(["pixel", "tile"])]
    count = int(table["sample"].max()) + 1 if len(table) else 0
    columns: dict[str, list[Any]] = {}
    for name, part in table[table["text"].isna()].groupby("measure"):
        whole = np.full(count, np.nan)
        whole[part["sample"].to_numpy()] = part["value"].to_numpy(dtype=float)
        columns[str(name)] = rounded(whole)
    return {"values": columns, "class": texts_of(table, "class", count), "collage": texts_of(table, "collage", count)}


def texts_of(table: pd.DataFrame, measure: str, count: int) -> list[str | None]:
    """What a measure that is a word says of each of the first samples; None where it says nothing."""
    texts: list[str | None] = [None] * count
    for sample, text in table.loc[table["measure"] == measure, ["sample", "text"]].itertuples(index=False):
        texts[sample] = text
    return texts


def nearest(tables: RunTables, sheet: TrainSheet, shown: int) -> dict[str, Any]:
    """The k nearest training images of each sample: places on the sheet, distances, mirrored or not, [samples][k]."""
    if tables.neighbours is None:
        return {"near": {}}
    table = tables.neighbours[(tables.neighbours["space"] == "pixel") & (tables.neighbours["sample"] < shown)]
    return {
        "near": {
            str(sample): [
                [sheet.number(id_) for id_ in part["neighbour"]],
                rounded(part["distance"]),
                [int(flag) for flag in part["mirrored"]],
            ]
            for sample, part in table.groupby("sample")
        }
    }


def tiles(tables: RunTables, sheet: TrainSheet, shown: int) -> dict[str, Any]:
    """Where the tiles of each sample come from, row by row: places on the sheet, distances, mirrored or not."""
    if tables.provenance is None:
        return {"tiles": {}}
    table = tables.provenance[tables.provenance["sample"] < shown].sort_values(["sample", "row", "col"], kind="stable")
    return {
        "tiles": {
            str(sample): [
                [sheet.number(id_) for id_ in part["source"]],
                rounded(part["distance"], 3),
                [int(flag) for flag in part["mirrored"]],
            ]
            for sample, part in table.groupby("sample")
        }
    }
