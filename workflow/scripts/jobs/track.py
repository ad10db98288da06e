"""Brings MLflow up to date with the results of a campaign."""

import json
from pathlib import Path

from creativity import store
from creativity.running.job import Job
from creativity.tracking import track as bring_up_to_date


def track(job: Job, *, config: Path, ids: Path, marker: Path) -> None:
    """ids: the MLflow run of each run; marker: that the store shows them."""
    known = bring_up_to_date(config.parent, job.settings["uri"])
    store.write_text(ids, json.dumps(known, indent=1, sort_keys=True) + "\n")
    store.write_text(marker, f"{len(known)} runs\n")
