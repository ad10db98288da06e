"""Up to how many training images does a denoiser copy?"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.optimize import isotonic_regression
from scipy.stats import t as student

from creativity import store
from creativity.measures.intervals import LEVEL, Z
from creativity.types import Values

PHASE = {"denoiser": store.TEXT, "family": store.TEXT, "kind": store.TEXT, "value": store.REAL, "low": store.REAL}
PHASE |= {"high": store.REAL, "replicates": store.LONG, "count": store.LONG, "subsets": store.LONG}
HALF = 0.5
POINTS = 2001  # numbers of training images, even in their logarithm, at which the share is tested
Shares = Float[np.ndarray, "replicates sizes"]


class Crossing(NamedTuple):
    """The number of training images at which half of the samples are memorised, with its 95 % interval.

    inf: more than half are memorised at the largest size asked; 0: less than half at the smallest. low, high: NaN for one subset.
    """

    value: float
    low: float
    high: float


def crossing(sizes: Values, shares: Shares, subsets: np.ndarray, count: int) -> Crossing:
    """Where the memorised share falls through 1/2.

    sizes: [n], rising; shares: the memorised share of each replicate, a training on one subset, at each size, over `count`
    samples; subsets: [replicates], which subset. The mean share is made to fall with n (isotonic regression, Barlow et al. 1972)
    and interpolated in ln n. The interval has all n between the first and the last at which a t test does not refuse a share of
    1/2 (Fieller 1954). Trainings on one subset are one cluster: what is tested is the mean over subsets of their mean shares, with
    subsets - 1 degrees of freedom. It is at least as wide as the binomial spread of all samples alone makes it, since few subsets
    may agree by chance.
    """
    names = np.unique(subsets)
    curves = np.stack([shares[subsets == name].mean(axis=0) for name in names])
    value = fall(sizes, curves.mean(axis=0))
    if len(names) < 2:
        return Crossing(value, np.nan, np.nan)
    n = np.exp(np.linspace(np.log(sizes[0]), np.log(sizes[-1]), POINTS))
    at = np.stack([np.interp(np.log(n), np.log(sizes), curve) for curve in curves])
    mean, spread = at.mean(axis=0), at.var(axis=0, ddof=1)
    between = student.ppf((1 + LEVEL) / 2, len(names) - 1) * np.sqrt(spread / len(names))
    binomial = Z * np.sqrt(mean * (1 - mean) / (count * len(shares)))
    reach = np.maximum(between, binomial)
    possible = np.flatnonzero(np.abs(mean - HALF) <= reach)
    if not len(possible):
        return Crossing(value, value, value)
    low = 0.0 if possible[0] == 0 else float(n[possible[0]])
    high = float("inf") if possible[-1] == POINTS - 1 else float(n[possible[-1]])
    return Crossing(value, min(low, value), max(high, value))


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
