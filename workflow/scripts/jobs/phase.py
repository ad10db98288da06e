"""Tells for each denoiser up to how many training images it copies."""

from pathlib import Path

import numpy as np
import pandas as pd

from creativity import store
from creativity.measures.phase import PHASE, crossing
from creativity.running.job import Job


def phase(job: Job, *, measures: Path, phase: Path) -> None:
    table = store.read(measures).to_pandas()
    shares = table[(table["measure"] == "memorised") & (table["space"] == "pixel")]
    rows = [phase_row(part) for _, part in shares.groupby("denoiser", sort=False)]
    store.write(phase, PHASE, rows, job.stamp([measures]))


def phase_row(part: pd.DataFrame) -> tuple:
    """One denoiser's crossing, over the replicates that have samples at every size."""
    run = tuple(part[["denoiser", "family", "kind"]].iloc[0])
    choice = part["subset"].str.partition("-")[2]  # of images: n40-s1 and n80-s1 are subsets of one choice
    curves = part.assign(choice=choice).pivot(index=["choice", "seed"], columns="n", values="value").dropna()
    if curves.empty:
        return (*run, None, None, None, 0, 0, 0)
    count, subsets = int(part["count"].min()), curves.index.get_level_values("choice").to_numpy(dtype=str)
    at = crossing(curves.columns.to_numpy(dtype=np.float64), curves.to_numpy(), subsets, count)
    return (*run, *at, len(curves), count, len(np.unique(subsets)))
