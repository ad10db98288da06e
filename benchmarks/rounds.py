"""Two ways of doing the same work, timed in alternating rounds, and the table of what was found."""

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
    """CPU seconds of this process: what a clock would show on a machine that does nothing else, since one thread is used."""
    began = time.process_time()
    work()
    return time.process_time() - began


def alternate(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> np.ndarray:
    """[rounds, 2]: one value of each a round, each first in every other round."""
    found = []
    for i in range(rounds):
        pair = [work() for work in ((ours, theirs) if i % 2 == 0 else (theirs, ours))]
        found.append(pair if i % 2 == 0 else pair[::-1])
    return np.array(found)


def row(work: str, size: str, peer: str | None, unit: str, pairs: np.ndarray, less_is_better: bool = True) -> dict:
    """Medians, and the median of the rounds' ratios with an interval of order statistics that covers it at 95 %, or min and max."""
    ratios = np.sort(pairs[:, 1] / pairs[:, 0] if less_is_better else pairs[:, 0] / pairs[:, 1])
    cut = next((j for j in range(len(ratios) // 2, 0, -1) if 2 * binom.cdf(j - 1, len(ratios), 0.5) <= 0.05), 1)
    ours, theirs = np.median(pairs, axis=0)
    values = (ours, theirs, unit, np.median(ratios), ratios[cut - 1], ratios[-cut], len(ratios))
    return dict(zip(COLUMNS, (work, size, peer, version(peer) if peer else None, *values), strict=True))


def alone(work: str, size: str, value: float, unit: str, rounds: int = 1) -> dict:
    """A row with nothing to compare with."""
    return dict.fromkeys(COLUMNS) | {"work": work, "size": size, "ours": value, "unit": unit, "rounds": rounds}


def record(rows: list[dict]) -> None:
    """Adds rows to the table, in place of those of the same work, size and peer."""

    def key(entry: dict) -> tuple:
        return entry["work"], entry["size"], entry["peer"] or ""

    before = pq.read_table(RESULTS).to_pylist() if RESULTS.exists() else []
    every = {key(each): each for each in before + rows}
    pq.write_table(pa.Table.from_pylist([every[k] for k in sorted(every)], pa.schema(list(COLUMNS.items()))), RESULTS)
    for each in rows:
        print(*(f"{value:.4g}" if isinstance(value, float) else value for value in each.values() if value is not None), flush=True)
