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
    replicate = part["subset"].str.partition("-")[2] + "/" + part["seed"].astype(str)
    curves = part.assign(replicate=replicate).pivot(index="replicate", columns="n", values="value").dropna()
    if curves.empty:
        return (*run, None, None, None, 0, 0)
    count = int(part["count"].min())
    at = crossing(curves.columns.to_numpy(dtype=np.float64), curves.to_numpy(), count)
    return (*run, *at, len(curves), count)
