"""Tells who explains whom: each network beside each closed form, beside chance, and beside its own second seed."""

from pathlib import Path

import pandas as pd

from creativity import store
from creativity.campaign.layout import keys_in, runs, several_seeds
from creativity.campaign.validation import load
from creativity.measures.explanation import SEEDS
from creativity.measures.who_explains import WHO_EXPLAINS, who_explains
from creativity.running.job import Job


def explained(job: Job, *, config: Path, pairs: Path, explained: Path, missing: Path | None = None) -> None:
    """missing: keys of the runs that are left out."""
    root, left_out = config.parent, keys_in(missing)
    there = [run for run in runs(load(config)) if run.key not in left_out]
    networks = {run.denoiser for run in there if run.is_network}
    forms = {run.denoiser for run in there if run.kind == "closed form"}
    used = sorted({root / "runs" / run.subset / run.denoiser / "seeds.parquet" for run in several_seeds(there)})
    tables = [store.read(path).to_pandas().assign(subset=path.parts[-3], denoiser=path.parts[-2]) for path in used]
    empty = pd.DataFrame(
        {name: pd.Series(dtype=float) for name in SEEDS} | {name: [] for name in ("subset", "denoiser", "measure")}
    )
    rows = who_explains(store.read(pairs).to_pandas(), pd.concat(tables) if tables else empty, networks, forms)
    store.write(explained, WHO_EXPLAINS, rows, job.stamp([pairs, *used]))
