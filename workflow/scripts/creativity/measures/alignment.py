"""Does a denoiser give the target's own distribution, and not its training images?

The energy distance asks under several metrics, since in many pixels the Euclidean one hardly tells a binary texture from a
Gaussian field of the same covariance (ratio 1.01 at 8 x 8).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity import store
from creativity.measures import two_sample
from creativity.measures.intervals import LEVEL
from creativity.neighbours.vectors import flatten
from creativity.types import Interval, Pictures, Values, Vectors

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
    first = np.zeros((len(pool), SPLITS))  # 1 where an image is in the first set
    for split in first.T:
        split[rng.permutation(len(pool))[:n]] = 1
    among_first = np.einsum("ij,ij->j", first, distances @ first)
    by_first = first.T @ distances.sum(axis=1)
    ratios = split_ratio(by_first - among_first, among_first, distances.sum() - 2 * by_first + among_first, n, len(reference))
    low, high = np.quantile(ratios, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Fresh(metric, reference, distances[n:, n:], float(low), float(high))


def split_ratio(across: Values, within: Values, among: Values, n: int, m: int) -> Values:
    """`ratio` from the sums of distances over all pairs, of an image with itself included."""
    spread = among / (m * (m - 1))
    return 1 + (2 * across / (n * m) - within / (n * (n - 1)) - spread) / ((1 / n + 1 / m) * spread)


def ratio(across: np.ndarray, within: np.ndarray, among: np.ndarray) -> two_sample.Discrepancy:
    """Energy distance of samples to fresh draws over that between two sets of fresh draws: 1 on average where the laws are equal.

    Both as V-statistics, over all pairs and those of a draw with itself: the denominator is then (1/n + 1/m) E|X - X'|, which is
    known from the fresh draws alone (Szekely & Rizzo 2013). across [n, m], within [n, n], among [m, m] are distances. What is given
    is the ratio less 1, which is 0 for equal laws as the distance is; that its denominator is uncertain, too, counts.
    """
    n, m = across.shape
    energy = two_sample.discrepancy(*(two_sample.of_matrix(-side) for side in (across, within, among)))
    rows = among.sum(axis=1) / (m - 1)
    unit = (1 / n + 1 / m) * rows.mean()
    by_reference = energy.by_reference / unit - energy.value / unit * 2 * rows / rows.mean()
    return two_sample.Discrepancy(energy.value / unit, energy.by_generated / unit, by_reference, energy.chance / unit**2)


def aligned(samples: Pictures, known: Fresh) -> Interval:
    """The ratio of a set of samples with its interval over other samples and other fresh draws."""
    metric = known.metric
    value, low, high, count = two_sample.interval(ratio(metric(samples, known.reference), metric(samples, samples), known.within))
    return Interval(1 + value, 1 + low, 1 + high, count)
