"""Gathers all runs of a campaign into its tables."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from creativity import job, store
from creativity.controls import BOUNDS, NOVELTY
from creativity.laws import names
from creativity.laws.table import LAW
from creativity.layout import MISSING, Run, keys_in, runs
from creativity.measures.receptive_field import RECEPTIVE_FIELD
from creativity.validate import read, resolve

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


def main() -> None:
    args = job.gathering_parser(__doc__).parse_args()
    root = args.config.parent
    campaign = resolve(read(args.config), str(args.config))
    missing = keys_in(args.missing)
    every = [run for run in runs(campaign) if run.key not in missing]
    measures = [(*run[:6], *row) for run in every for row in rows(run.file(root, "measures.parquet"))]
    converge = [(*run[:6], *row) for run in every if run.denoises for row in rows(run.file(root, "convergence.parquet"))]
    stamp = job.stamp(args, [run.file(root, "measures.parquet") for run in every])
    store.write(
        root / "runs.parquet",
        RUNS,
        [missing_row(run) if run.key in missing else run_row(run, root) for run in runs(campaign)],
        stamp,
    )
    store.write(root / "measures.parquet", store.RUN | store.MEASURE, measures, stamp)
    store.write(root / "convergence.parquet", CONVERGENCE, converge, stamp)
    gather(root / "laws.parquet", LAW, [run for run in every if names(run.config)], "law.parquet", args)
    seen = [run for run in every if run.denoises]
    gather(root / "receptive_fields.parquet", RECEPTIVE_FIELD, seen, "receptive_field.parquet", args)
    store.write(root / "controls.parquet", CONTROLS, control_rows(measures, campaign.dataset.repeats), stamp)


def gather(out: Path, columns: dict[str, Any], every: list[Run], name: str, args: Any) -> None:
    """One table of a file of each of these runs."""
    files = [run.file(out.parent, name) for run in every]
    found = [(*run[:6], *row) for run, path in zip(every, files, strict=True) for row in rows(path)]
    store.write(out, store.RUN | columns, found, job.stamp(args, files))


def rows(path: Path) -> list[tuple[Any, ...]]:
    return list(zip(*store.read(path).to_pydict().values(), strict=True))


def run_row(run: Run, root: Path) -> tuple[Any, ...]:
    """What is known of a run: its configuration, size, status, and seconds of training."""
    facts = json.loads(store.footer(run.file(root, "samples.parquet"))["run"])
    seconds = None
    if run.kind == "trained":
        seconds = pq.read_table(run.file(root, "history.parquet"), columns=["seconds"])["seconds"][-1].as_py()
    known = (facts[name] for name in ("parameters", "receptive_field", "status"))
    return (*run[:6], json.dumps(run.config, sort_keys=True), *known, seconds)


def missing_row(run: Run) -> tuple[Any, ...]:
    return (*run[:6], json.dumps(run.config, sort_keys=True), None, None, MISSING, None)


def control_rows(measures: list[tuple[Any, ...]], repeats: bool) -> list[tuple[Any, ...]]:
    """Each bound on a control beside what was found: held unless the whole interval lies outside.

    Where images repeat, even a fresh one may be a training image: the bounds on novelty are waived.
    """
    bounds = [bound for bound in BOUNDS if not (repeats and bound.measure in NOVELTY)]
    found = []
    for subset, _, denoiser, _, _, _, measure, space, value, low, high, _ in measures:
        for bound in bounds:
            if (bound.measure, bound.control, "pixel") == (measure, denoiser, space):
                held = low <= bound.high and high >= bound.low
                found.append((subset, measure, space, denoiser, value, low, high, bound.low, bound.high, held))
    return found


if __name__ == "__main__":
    job.run(main)
