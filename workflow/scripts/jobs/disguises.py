"""Gathers what share of each disguise is found in each space, of all subsets."""

from pathlib import Path

from creativity import store
from creativity.campaign.layout import subset_names
from creativity.campaign.validation import load
from creativity.measures.disguises import DISGUISED
from creativity.running.job import Job


def disguises(job: Job, *, config: Path, disguises: Path) -> None:
    files = {subset: config.parent / f"subsets/{subset}/disguises.parquet" for subset in subset_names(load(config))}
    rows = [(subset, *row.values()) for subset, path in files.items() for row in store.read(path).to_pylist()]
    store.write(disguises, DISGUISED, rows, job.stamp(files.values()))
