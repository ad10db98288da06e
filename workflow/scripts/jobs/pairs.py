"""Compares the images that two denoisers make of the same noise, and gathers what each does along the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from creativity import store
from creativity.campaign.layout import Run, keys_in, runs
from creativity.campaign.validation import load
from creativity.measures.pairs import PAIRS, across, compare, within
from creativity.neighbours.vectors import flatten
from creativity.running.job import Job

NOISES = 100  # most noises a pair is compared on


def pairs(job: Job, *, config: Path, pairs: Path, missing: Path | None = None) -> None:
    """missing: the keys of the runs that are left out."""
    root, left_out = config.parent, keys_in(missing)
    compared = [run for run in runs(load(config)) if run.denoises and run.key not in left_out]
    rows = [*end_to_end(compared, root), *along(compared, root)]
    stamp = job.stamp(run.file(root, name) for run in compared for name in ("samples.parquet", "explained.parquet"))
    store.write(pairs, PAIRS, rows, stamp)


def end_to_end(compared: list[Run], root: Path) -> Iterator[tuple[Any, ...]]:
    """Every pair's samples, sigma null. Few samples are held at once: those of one subset, or of one denoiser."""
    for paired in (within, across):
        for group in paired(compared):
            needed = {run.key: run.file(root, "samples.parquet") for pair in group for run in pair}
            samples = {key: flatten(store.pictures(store.read(path), path)[:NOISES]) for key, path in needed.items()}
            for a, b in group:
                n = min(len(samples[a.key]), len(samples[b.key]))  # 0 where a training diverged
                yield from (row(a, b, alike) for alike in compare(samples[a.key][:n], samples[b.key][:n]))


def row(a: Run, b: Run, alike: tuple[Any, ...]) -> tuple[Any, ...]:
    return (a.subset, a.denoiser, a.seed, b.subset, b.denoiser, b.seed, *alike)


def along(compared: list[Run], root: Path) -> Iterator[tuple[Any, ...]]:
    """What the job `explain` wrote of each run, on its own trajectory, of the subset's closed forms."""
    for run in compared:
        for other, *alike in zip(*store.read(run.file(root, "explained.parquet")).to_pydict().values(), strict=True):
            yield (run.subset, run.denoiser, run.seed, run.subset, other, 0, *alike)
