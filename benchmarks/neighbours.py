"""Time and memory of the exact search for nearest neighbours, against faiss and scikit-learn, on one thread.

python benchmarks/neighbours.py [QUERIES POINTS VALUES ROUNDS]
"""

import resource
import sys
from functools import partial

import faiss
import numpy as np
from rounds import alternate, record, row, seconds, unpaired_row
from sklearn.neighbors import NearestNeighbors

from creativity.neighbours.search import nearest

K = 10


def random_rows(queries: int, points: int, values: int) -> tuple[np.ndarray, np.ndarray]:
    """Queries and points, standard normal."""
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
    query_rows, point_rows = random_rows(queries, points, values)
    size = f"{queries} x {points} x {values}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    indices = nearest(query_rows, point_rows, K).indices
    extra = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    record([unpaired_row("neighbours, memory beyond the inputs", size, extra / 1024, "MB")])
    for name, peer in (("faiss-cpu", by_faiss), ("scikit-learn", by_scikit_learn)):
        searches = (partial(search, query_rows, point_rows) for search in (partial(nearest, k=K), peer))
        pairs = alternate(*(partial(seconds, search) for search in searches), rounds)
        record([row("neighbours", size, name, "s", pairs)])
        print("same indices:", (peer(query_rows[:64], point_rows) == indices[:64]).mean())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5] or (4096, 50000, 3072, 3)))
