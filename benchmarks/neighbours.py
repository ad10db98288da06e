"""Exact neighbours against faiss and scikit-learn, and the memory they take; threads: one."""

import resource
import sys
from functools import partial

import faiss
import numpy as np
from rounds import alone, alternate, record, row, seconds
from sklearn.neighbors import NearestNeighbors

from creativity.neighbours.search import nearest

K = 10


def random(queries: int, points: int, values: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return tuple(rng.standard_normal((n, values), dtype=np.float32) for n in (queries, points))


def by_faiss(queries: np.ndarray, points: np.ndarray) -> np.ndarray:
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    return index.search(queries, K)[1]


def by_scikit_learn(queries: np.ndarray, points: np.ndarray) -> np.ndarray:
    return NearestNeighbors(n_neighbors=K, algorithm="brute").fit(points).kneighbors(queries)[1]


def main(queries: int, points: int, values: int, rounds: int) -> None:
    faiss.omp_set_num_threads(1)
    asked, known = random(queries, points, values)
    size = f"{queries} x {points} x {values}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = nearest(asked, known, K).indices
    extra = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    record([alone("neighbours, memory beyond the inputs", size, extra / 1024, "MB")])
    for name, peer in (("faiss-cpu", by_faiss), ("scikit-learn", by_scikit_learn)):
        pairs = alternate(*(partial(seconds, partial(f, asked, known)) for f in (partial(nearest, k=K), peer)), rounds)
        record([row("neighbours", size, name, "s", pairs)])
        print("same indices:", (peer(asked[:64], known) == found[:64]).mean())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5] or (4096, 50000, 3072, 3)))
