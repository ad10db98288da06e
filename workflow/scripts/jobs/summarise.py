"""Gathers all runs of a campaign into its tables."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from creativity import store
from creativity.campaign.layout import MISSING, Run, keys_in, laws_of
from creativity.campaign.layout import runs as all_runs
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import load
from creativity.laws.table import LAW
from creativity.measures.classes import COLLAGE, FEWEST_NEW, column
from creativity.measures.receptive_field import RECEPTIVE_FIELD
from creativity.measures.registry import BOUNDS, NOVELTY
from creativity.running.job import Job

RUNS = store.RUN | {
    "config": store.TEXT,
    "parameters": store.LONG,
    "receptive_field": store.LONG,
    "status": store.TEXT,
    "seconds": store.REAL,
}
CONVERGENCE = store.RUN | {"step": store.LONG, "sampling_steps": store.LONG} | store.MEASURE
CONTROLS = {"subset": store.TEXT, "measure": store.TEXT, "space": store.TEXT, "control": store.TEXT}
CONTROLS |= dict.fromkeys(("value", "low", "high", "least", "most"), store.REAL) | {"held": store.FLAG}


def summarise(
    job: Job,
    *,
    config: Path,
    runs: Path,
    measures: Path,
    convergence: Path,
    controls: Path,
    laws: Path,
    receptive_fields: Path,
    missing: Path | None = None,
) -> None:
    """missing: the keys of the runs that are left out; they stand in the table of runs as missing."""
    root, campaign, left_out = config.parent, load(config), keys_in(missing)
    planned = all_runs(campaign)
    there = [run for run in planned if run.key not in left_out]
    denoisers = [run for run in there if run.denoises]
    measured = [(*run.identity, *row) for run in there for row in rows(run.file(root, "measures.parquet"))]
    stamp = job.stamp(run.file(root, "measures.parquet") for run in there)
    run_rows = [missing_row(run) if run.key in left_out else run_row(run, root) for run in planned]
    store.write(runs, RUNS, run_rows, job.stamp(run.file(root, name) for run in there for name in files_of(run)))
    store.write(measures, store.RUN | store.MEASURE, measured, stamp)
    gather(convergence, CONVERGENCE, denoisers, "convergence.parquet", job)
    gather(laws, LAW, [run for run in there if laws_of(campaign, run)], "law.parquet", job)
    gather(receptive_fields, RECEPTIVE_FIELD, denoisers, "receptive_field.parquet", job)
    store.write(controls, CONTROLS, control_rows(measured, waived(campaign)), stamp)


def gather(out: Path, columns: dict[str, Any], chosen: list[Run], name: str, job: Job) -> None:
    """One table of a file of each of these runs."""
    files = [run.file(out.parent, name) for run in chosen]
    gathered = [(*run.identity, *row) for run, path in zip(chosen, files, strict=True) for row in rows(path)]
    store.write(out, store.RUN | columns, gathered, job.stamp(files))


def rows(path: Path) -> list[tuple[Any, ...]]:
    return list(zip(*store.read(path).to_pydict().values(), strict=True))


def files_of(run: Run) -> tuple[str, ...]:
    """The files of a run that its row in the table of runs is made from."""
    return ("samples.parquet", "history.parquet") if run.kind == "trained" else ("samples.parquet",)


def run_row(run: Run, root: Path) -> tuple[Any, ...]:
    """What is known of a run: its configuration, size, status, and seconds of training."""
    facts = json.loads(store.footer(run.file(root, "samples.parquet"))["run"])
    seconds = None
    if run.kind == "trained":
        seconds = pq.read_table(run.file(root, "history.parquet"), columns=["seconds"])["seconds"][-1].as_py()
    known = (facts[name] for name in ("parameters", "receptive_field", "status"))
    return (*run.identity, json.dumps(run.config, sort_keys=True), *known, seconds)


def missing_row(run: Run) -> tuple[Any, ...]:
    return (*run.identity, json.dumps(run.config, sort_keys=True), None, None, MISSING, None)


def waived(campaign: Campaign) -> set[str]:
    """The measures whose bounds are not asked.

    Where images repeat, even a fresh one may be a training image. With few new images to compare with nothing can be called a
    collage, and with tiles of more than half a side there is none.
    """
    no_collages = min(campaign.subsets.new.values()) < FEWEST_NEW or 2 * campaign.tile > campaign.dataset.size
    return (NOVELTY if campaign.dataset.repeats else set()) | ({column(COLLAGE)} if no_collages else set())


def control_rows(measures: list[tuple[Any, ...]], waived: set[str]) -> list[tuple[Any, ...]]:
    """Each bound on a control beside what was measured: held unless the whole interval lies outside."""
    bounds = [bound for bound in BOUNDS if bound.measure not in waived]
    checked = []
    for subset, _, denoiser, _, _, _, measure, space, value, low, high, _ in measures:
        for bound in bounds:
            if (bound.measure, bound.control, "pixel") == (measure, denoiser, space):
                held = low <= bound.high and high >= bound.low
                checked.append((subset, measure, space, denoiser, value, low, high, bound.low, bound.high, held))
    return checked
