"""Does a denoiser give the target's own distribution, and not its training images?"""

import numpy as np
from scipy.spatial.distance import cdist, pdist

from creativity import store
from creativity.measures.intervals import LEVEL
from creativity.measures.sets import energy_distance
from creativity.types import Vectors

ALIGNMENT = {"target": store.TEXT, "repeats": store.FLAG} | store.RUN
ALIGNMENT |= dict.fromkeys(("ratio", "low", "high", "fresh_low", "fresh_high", "memorised", "fresh_memorised"), store.REAL)
ALIGNMENT |= {"count": store.LONG, "matches": store.FLAG, "new": store.FLAG}
SPLITS = 500


def fresh_distance(reference: Vectors, count: int) -> float:
    """The energy distance to be expected between `count` fresh draws and the reference, as a V-statistic: (1/n + 1/m) E|X - X'|.

    For two draws of one distribution, the mean of 2 E|A - B| - E|A - A'| - E|B - B'| over all pairs, those of a draw with itself
    among them (Szekely & Rizzo 2013); E|X - X'| is estimated within the reference.
    """
    return float((1 / count + 1 / len(reference)) * pdist(reference).mean())


def ratio(energy: float, fresh: float) -> float:
    """Distance of the samples to fresh draws over that between two sets of fresh draws: 1 where the law is the target's own.

    energy: the unbiased energy distance, which is 0 on average for equal laws; fresh: of `fresh_distance`.
    """
    return 1 + energy / fresh


def fresh_ratios(heldout: Vectors, reference: Vectors) -> tuple[float, float]:
    """The 95 % range of the ratio where it is true that both are fresh draws: over 500 random splits of the two (seed 0)."""
    rng = np.random.default_rng(0)
    pool, n = np.concatenate([heldout, reference]), len(heldout)
    distances = cdist(pool, pool)
    found = np.empty(SPLITS)
    for i in range(SPLITS):
        order = rng.permutation(len(pool))
        a, b = order[:n], order[n:]
        within = distances[np.ix_(b, b)]
        fresh = (1 / n + 1 / len(b)) * within.sum() / (len(b) * (len(b) - 1))
        found[i] = ratio(energy_distance(distances[np.ix_(a, b)], distances[np.ix_(a, a)], within), fresh)
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
