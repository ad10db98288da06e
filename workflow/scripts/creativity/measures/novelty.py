"""Is a sample a training image? Everything here looks at the training set."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from creativity.neighbours.search import nearest, nearest_or_mirrored
from creativity.types import Flags, Neighbours, Values, Vectors

MEMORISED_BELOW = 1 / 3


def gap_ratio(first: Values, second: Values) -> Values:
    """d1 / d2, distances to the nearest and second nearest training image; 0 where both are 0 (Yoon et al. 2023).

    Below 1/3 a sample counts as memorised. A copy of an image that has a near-duplicate in the training set is missed,
    since then d1 and d2 are both small: see `second_cluster`.
    """
    return np.divide(first, second, out=np.zeros_like(first), where=second > 0)


def memorised(ratio: Values) -> Flags:
    """d1 / d2 < 1/3 (Yoon et al. 2023; Gu et al. 2023)."""
    return ratio < MEMORISED_BELOW


def near_duplicate_limit(train_nearest: Values) -> float:
    """Two images closer than a third of the median distance from a training image to its nearest other one are near-duplicates."""
    return float(np.median(train_nearest)) / 3


def near_duplicates(nearest: dict[str, Values]) -> dict[str, int]:
    """How many images of each side are near-duplicates of a training image; nearest: d1 by side, that of "train" to the others."""
    limit = near_duplicate_limit(nearest["train"])
    return {side: int(np.sum(distances < limit)) for side, distances in nearest.items()}


def clusters(neighbours: Neighbours, limit: float) -> np.ndarray:
    """Labels [n] of the connected sets of training images that near-duplicates link; neighbours: among the training images."""
    close = neighbours.distances < limit
    rows = np.broadcast_to(np.arange(len(close))[:, None], close.shape)[close]
    links = coo_array((np.ones(len(rows)), (rows, neighbours.indices[close])), shape=(len(close), len(close)))
    return connected_components(links, directed=False)[1]


def second_cluster(samples: Vectors, train: Vectors, mirrors: Vectors | None, near: Neighbours, labels: np.ndarray) -> Values:
    """Distance [n] to the nearest training image outside the nearest one's cluster: d2 for a gap ratio no duplicate can fool."""
    outside = labels[near.indices] != labels[near.indices[:, :1]]
    first = np.argmax(outside, axis=1)
    second = near.distances[np.arange(len(first)), first]
    for i in np.flatnonzero(~outside.any(axis=1)):  # all k neighbours lie in one cluster: look at all others
        others = labels != labels[near.indices[i, 0]]
        if not others.any():
            second[i] = np.inf
        elif mirrors is None:
            second[i] = nearest(samples[i : i + 1], train[others], 1).distances[0, 0]
        else:
            second[i] = nearest_or_mirrored(samples[i : i + 1], train[others], mirrors[others], 1).distances[0, 0]
    return second


def heldout_percentile(first: Values, heldout_first: Values) -> Values:
    """Share of held-out images whose own d1 is strictly below the sample's: 0 is closer than any real image."""
    return np.searchsorted(np.sort(heldout_first), first, side="left") / len(heldout_first)


def authentic(first: Values, nearest_train: np.ndarray, train_nearest: Values) -> Flags:
    """d(t, its nearest other training image) < d(g, t), t the training image nearest to g (Alaa et al. 2022).

    first: d(g, t) [n]; nearest_train: index of t [n]; train_nearest: distance of each training image to its nearest other one.
    """
    return train_nearest[nearest_train] < first


def largest_source_share(sources: np.ndarray) -> Values:
    """Share of an image's tiles whose closest training tile comes from its most frequent source; sources [n, rows, cols]."""
    flat = sources.reshape(len(sources), -1)
    return np.array([np.unique(row, return_counts=True)[1].max() / flat.shape[1] for row in flat], dtype=np.float64)


def collage_residual(distances: np.ndarray) -> Values:
    """Distance of an image to the one put together from its closest training tiles; distances [n, rows, cols]."""
    return np.sqrt(np.square(distances).sum(axis=(1, 2)))


def half_collage_residual(distances: np.ndarray) -> Values:
    """The same over the closer half of the tiles alone: small where as much is copied, whatever the rest is; [n, rows, cols]."""
    squares = np.sort(np.square(distances).reshape(len(distances), -1), axis=1)
    return np.sqrt(squares[:, : (squares.shape[1] + 1) // 2].sum(axis=1))
