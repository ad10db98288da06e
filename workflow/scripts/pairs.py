"""Compares the images that two denoisers make of the same noise, and gathers what each does along the way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from creativity import job, store
from creativity.layout import Run, keys_in, runs
from creativity.measures.pairs import PAIRS, across, compare, within
from creativity.neighbours import flatten
from creativity.validate import read, resolve

NOISES = 100  # most noises a pair is compared on


def main() -> None:
    parser = job.gathering_parser(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    root = args.config.parent
    missing = keys_in(args.missing)
    every = [run for run in runs(resolve(read(args.config), str(args.config))) if run.denoises and run.key not in missing]
    rows = [*end_to_end(every, root), *along(every, root)]
    stamp = job.stamp(args, [run.file(root, name) for run in every for name in ("samples.parquet", "explained.parquet")])
    store.write(args.out, PAIRS, rows, stamp)


def end_to_end(every: list[Run], root: Path) -> Iterator[tuple[Any, ...]]:
    """Every pair's samples, sigma null. Few samples are held at once: those of one subset, or of one denoiser."""
    for paired in (within, across):
        for group in paired(every):
            needed = {run.key: run.file(root, "samples.parquet") for pair in group for run in pair}
            samples = {key: flatten(store.images(store.read(path))[:NOISES]) for key, path in needed.items()}
            for a, b in group:
                n = min(len(samples[a.key]), len(samples[b.key]))  # 0 where a training diverged
                yield from (row(a, b, found) for found in compare(samples[a.key][:n], samples[b.key][:n]))


def row(a: Run, b: Run, found: tuple[Any, ...]) -> tuple[Any, ...]:
    return (a.subset, a.denoiser, a.seed, b.subset, b.denoiser, b.seed, *found)


def along(every: list[Run], root: Path) -> Iterator[tuple[Any, ...]]:
    """What `explain` found for each run, on its own trajectory, of the subset's closed forms."""
    for run in every:
        for other, *found in zip(*store.read(run.file(root, "explained.parquet")).to_pydict().values(), strict=True):
            yield (run.subset, run.denoiser, run.seed, run.subset, other, 0, *found)


if __name__ == "__main__":
    job.run(main)
