"""Up to how many training images does a denoiser copy?"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import isotonic_regression

from creativity import store
from creativity.measures.intervals import LEVEL, RESAMPLES
from creativity.types import Values

PHASE = {"denoiser": store.TEXT, "family": store.TEXT, "kind": store.TEXT, "value": store.REAL, "low": store.REAL}
PHASE |= {"high": store.REAL, "replicates": store.LONG, "count": store.LONG}
HALF = 0.5


class Crossing(NamedTuple):
    """The number of training images at which half of the samples are memorised, with its 95 % interval.

    inf: more than half are memorised at the largest size asked; 0: less than half at the smallest.
    """

    value: float
    low: float
    high: float


def crossing(sizes: Values, shares: np.ndarray, count: int) -> Crossing:
    """Where the memorised share falls through 1/2.

    sizes: [n], rising; shares: [replicates, n], the memorised share of each replicate (a choice of images and a training
    seed) at each size, over `count` samples. The mean share is made to fall with n (isotonic regression, Barlow et al. 1972) and
    interpolated in ln n. The interval is from a bootstrap (1000 draws, seed 0) of whole replicates, and of the
    samples within them as binomial draws.
    """
    rng = np.random.default_rng(0)
    drawn = np.empty(RESAMPLES)
    for i in range(RESAMPLES):
        chosen = shares[rng.integers(len(shares), size=len(shares))]
        drawn[i] = fall(sizes, rng.binomial(count, chosen).mean(axis=0) / count)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    return Crossing(fall(sizes, shares.mean(axis=0)), float(low), float(high))


def fall(sizes: Values, share: Values) -> float:
    """The size at which a share, made to fall, passes 1/2; 0 or inf where it does so outside the sizes asked."""
    falling = isotonic_regression(share, increasing=False).x
    if falling[0] < HALF:
        return 0.0
    if falling[-1] >= HALF:
        return float("inf")
    i = int(np.argmax(falling < HALF))
    part = (falling[i - 1] - HALF) / (falling[i - 1] - falling[i])
    return float(np.exp(np.log(sizes[i - 1]) + part * np.log(sizes[i] / sizes[i - 1])))
