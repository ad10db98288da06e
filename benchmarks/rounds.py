"""Times two ways of doing the same work in alternating rounds, and keeps the table of all benchmark results.

A row holds the work, its size, our value, that of another package (the peer) and the ratio of the two. Rounds alternate so that
changes in the machine's speed affect both alike.
"""

import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import binom

RESULTS = Path(__file__).parent / "results.parquet"
COLUMNS = {
    "work": pa.string(),
    "size": pa.string(),
    "peer": pa.string(),
    "peer_version": pa.string(),
    "ours": pa.float64(),
    "theirs": pa.float64(),
    "unit": pa.string(),
    "ratio": pa.float64(),
    "low": pa.float64(),
    "high": pa.float64(),
    "rounds": pa.int64(),
}


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of this process for some work, which on one thread is the wall time on a machine that does nothing else."""
    start = time.process_time()
    work()
    return time.process_time() - start


def alternate(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> np.ndarray:
    """[rounds, 2]: in each round the value of `ours` and of `theirs`, which take turns in going first."""
    pairs = []
    for i in range(rounds):
        pair = [work() for work in ((ours, theirs) if i % 2 == 0 else (theirs, ours))]
        pairs.append(pair if i % 2 == 0 else pair[::-1])
    return np.array(pairs)


def row(work: str, size: str, peer: str | None, unit: str, pairs: np.ndarray, less_is_better: bool = True) -> dict:
    """A row that compares with a peer: both medians, and the median of the rounds' ratios with an interval.

    pairs: [rounds, 2], as from `alternate`. The interval lies between two order statistics of the ratios and covers their median at
    95 %; with too few rounds it is that of minimum and maximum. A ratio above 1 means that this project is better.
    """
    ratios = np.sort(pairs[:, 1] / pairs[:, 0] if less_is_better else pairs[:, 0] / pairs[:, 1])
    cut = next((j for j in range(len(ratios) // 2, 0, -1) if 2 * binom.cdf(j - 1, len(ratios), 0.5) <= 0.05), 1)
    ours, theirs = np.median(pairs, axis=0)
    values = (ours, theirs, unit, np.median(ratios), ratios[cut - 1], ratios[-cut], len(ratios))
    return dict(zip(COLUMNS, (work, size, peer, version(peer) if peer else None, *values), strict=True))


def unpaired_row(work: str, size: str, value: float, unit: str, rounds: int = 1) -> dict:
    """A row of this project alone, which compares with no peer."""
    return dict.fromkeys(COLUMNS) | {"work": work, "size": size, "ours": value, "unit": unit, "rounds": rounds}


def record(rows: list[dict]) -> None:
    """Prints rows and writes them into benchmarks/results.parquet, in place of those of the same work, size and peer."""

    def key(entry: dict) -> tuple:
        return entry["work"], entry["size"], entry["peer"] or ""

    before = pq.read_table(RESULTS).to_pylist() if RESULTS.exists() else []
    by_key = {key(entry): entry for entry in before + rows}
    pq.write_table(pa.Table.from_pylist([by_key[k] for k in sorted(by_key)], pa.schema(list(COLUMNS.items()))), RESULTS)
    for entry in rows:
        print(*(f"{value:.4g}" if isinstance(value, float) else value for value in entry.values() if value is not None), flush=True)
