"""Tells of each training when it begins to copy and when it generalises best, and how both grow with the training set."""

from pathlib import Path
from typing import Any

import pandas as pd

from creativity import store
from creativity.measures.times import SLOPES, TIMES, slope
from creativity.measures.times import times as times_of
from creativity.running.job import Job
from creativity.types import Interval

RUN = list(store.RUN)


def times(job: Job, *, convergence: Path, measures: Path, times: Path, slopes: Path) -> None:
    """slopes: of the logarithms of times on that of the number of training images."""
    table, controls = (store.read(path).to_pandas() for path in (convergence, measures))
    of_heldout = controls.query("denoiser == 'held-out' and measure == 'memorised' and space == 'pixel'")
    heldout = {row.subset: Interval(row.value, row.low, row.high, row.count) for row in of_heldout.itertuples()}
    trained = table[(table["kind"] == "trained") & table["subset"].isin(heldout)]
    rows = [row for _, part in trained.groupby(["subset", "denoiser", "seed"], sort=False) for row in run_rows(part, heldout)]
    stamp = job.stamp([convergence, measures])
    store.write(times, store.RUN | TIMES, rows, stamp)
    store.write(slopes, SLOPES, slope_rows(pd.DataFrame(rows, columns=[*RUN, *TIMES])), stamp)


def run_rows(part: pd.DataFrame, heldout: dict[str, Interval]) -> list[tuple[Any, ...]]:
    """The row of one training; none where it has no samples, or no losses."""
    sampling_steps = part["sampling_steps"].min()  # the others are of twice as many
    at_checkpoints = part[part["sampling_steps"] == sampling_steps]
    wide = at_checkpoints.pivot(index="step", columns="measure", values=["value", "low", "high", "count"])
    if not {("value", "memorised"), ("value", "heldout_loss")} <= set(wide.columns):
        return []
    wide = wide.sort_index()
    shares = wide.xs("memorised", axis=1, level="measure")[["value", "low", "high", "count"]]
    intervals = [Interval(*row) for row in shares.itertuples(index=False, name=None)]
    run, value = tuple(part.iloc[0][RUN]), wide["value"]
    judged = [value[name].to_numpy() for name in ("real", "copies")] if {"real", "copies"} <= set(value.columns) else []
    found = times_of(wide.index.to_numpy(dtype=float), intervals, value["heldout_loss"].to_numpy(), heldout[run[0]], *judged)
    return [(*run, *found)]


def slope_rows(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A row a denoiser and time; none in a campaign of one size."""
    if table["n"].nunique() < 2:
        return []
    table = table.assign(subset_seed=table["subset"].str.partition("-s")[2].astype(int))
    rows = []
    for run, part in table.groupby(["denoiser", "family", "kind"], sort=False):
        for name in ("tau_mem", "tau_gen"):
            interval, *counts = slope(part.assign(tau=part[name].astype(float), after=part[f"{name}_after"].astype(float)))
            rows.append((*run, name, *map(store.null, interval[:3]), *counts))
    return rows
