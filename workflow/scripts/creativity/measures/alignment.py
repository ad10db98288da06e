"""Does a denoiser give the target's own distribution, and not its training images?

The energy distance asks under several metrics, since in many pixels the Euclidean one hardly tells a binary texture from a
Gaussian field of the same covariance (ratio 1.01 at 8 x 8).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity import store
from creativity.measures.intervals import LEVEL, between_sets
from creativity.measures.sets import energy_distance, off_diagonal_mean
from creativity.neighbours.vectors import flatten
from creativity.types import Interval, Pictures, Vectors

ALIGNMENT = {"target": store.TEXT, "repeats": store.FLAG} | store.RUN | {"metric": store.TEXT}
ALIGNMENT |= dict.fromkeys(("ratio", "low", "high", "fresh_low", "fresh_high", "memorised", "fresh_memorised"), store.REAL)
ALIGNMENT |= {"count": store.LONG, "matches": store.FLAG, "new": store.FLAG}
SPLITS = 1000
PATCH = 3
LEAST_SHARE = 0.01  # of the variance, for a principal coordinate to be compared
Metric = Callable[[Pictures, Pictures], np.ndarray]


def metrics(real: Pictures) -> dict[str, Metric]:
    """Distances between images, all of negative type: the energy distance under one is 0 where what it sees has equal laws.

    image: Euclidean. pixel: mean over pixels of |a - b|, which sees the law of each pixel. patch: mean over all places of the
    Euclidean distance of 3 x 3 patches. principal: mean of |a - b| over the standardised principal coordinates of the real
    images that carry at least 1 % of their variance.
    """
    rows = flatten(real)
    _, spread, directions = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    kept = spread**2 >= LEAST_SHARE * (spread**2).sum()
    scaled = directions[kept].T / spread[kept] * np.sqrt(len(rows))
    return {
        "image": lambda a, b: cdist(flatten(a), flatten(b)),
        "pixel": lambda a, b: mean_absolute(flatten(a), flatten(b)),
        "patch": patch_distance,
        "principal": lambda a, b: mean_absolute(flatten(a) @ scaled, flatten(b) @ scaled),
    }


def mean_absolute(a: Vectors, b: Vectors) -> np.ndarray:
    return cdist(a, b, "cityblock") / a.shape[1]


def patch_distance(a: Pictures, b: Pictures) -> np.ndarray:
    """Mean over all places of the Euclidean distance of the patches there: [n, m]."""
    places = list(np.ndindex(a.shape[2] - PATCH + 1, a.shape[3] - PATCH + 1))
    total = np.zeros((len(a), len(b)))
    for row, col in places:
        window = np.s_[..., row : row + PATCH, col : col + PATCH]
        total += cdist(flatten(a[window]), flatten(b[window]))
    return total / len(places)


class Fresh(NamedTuple):
    """The reference under one metric, and the 95 % range of the ratio where both sides are fresh draws of the target."""

    metric: Metric
    reference: Pictures
    within: np.ndarray
    low: float
    high: float


def fresh(metric: Metric, heldout: Pictures, reference: Pictures) -> Fresh:
    """The range over 1000 random splits (seed 0) of held-out and reference images into sets of their sizes."""
    rng = np.random.default_rng(0)
    pool, n = np.concatenate([heldout, reference]), len(heldout)
    distances = metric(pool, pool)
    ratios = np.empty(SPLITS)
    for i in range(SPLITS):
        order = rng.permutation(len(pool))
        a, b = order[:n], order[n:]
        ratios[i] = ratio(distances[np.ix_(a, b)], distances[np.ix_(a, a)], distances[np.ix_(b, b)])
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Fresh(metric, reference, distances[n:, n:], float(low), float(high))


def ratio(across: np.ndarray, within: np.ndarray, among: np.ndarray) -> float:
    """Energy distance of samples to fresh draws over that between two sets of fresh draws: 1 on average where the laws are equal.

    Both as V-statistics, over all pairs and those of a draw with itself: the denominator is then (1/n + 1/m) E|X - X'|, which is
    known from the fresh draws alone (Szekely & Rizzo 2013). across [n, m], within [n, n], among [m, m] are distances.
    """
    n, m = across.shape
    return 1 + energy_distance(across, within, among) / ((1 / n + 1 / m) * off_diagonal_mean(among))


def aligned(samples: Pictures, known: Fresh) -> Interval:
    """The ratio of a set of samples, with its interval from halves of both sides."""
    return between_sets(ratio, known.metric(samples, known.reference), known.metric(samples, samples), known.within)
