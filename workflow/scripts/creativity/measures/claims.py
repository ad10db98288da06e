"""Which differences between denoisers hold over trainings: the training seed is the replicate, noises are paired within it."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.stats import t as student

from creativity import store
from creativity.campaign.layout import FEWEST_SEEDS
from creativity.types import Values

CLAIMS = {"subset": store.TEXT, "a": store.TEXT, "b": store.TEXT, "measure": store.TEXT}
CLAIMS |= dict.fromkeys(("difference", "low", "high", "p", "p_holm"), store.REAL) | {"seeds": store.LONG, "count": store.LONG}
LEVEL = 0.95
Differences = Float[np.ndarray, "seeds noises"]  # of a measure of each sample, from the same noise; NaN where one has none


class Claim(NamedTuple):
    """A mean difference with its 95 % interval and two-sided p; NaN where it cannot be tested."""

    difference: float
    low: float
    high: float
    p: float
    seeds: int
    number: int


def claim(d: Differences) -> Claim:
    """The mean difference over S seeds and N noises, and how far it would move with other seeds and other noises.

    Seeds and noises are drawn at random and crossed, so the variance of the mean is estimated by (MS_seeds + MS_noises) / (S
    N), which is not too small. The reference distribution is Student's t with S - 1 degrees of freedom, however many noises
    there are: as wide as that of the trainings alone. The test keeps its size for other trainings and for other noises.
    (Degrees of freedom that are estimated from both mean squares, as in min F' of Clark 1973, explode where a few seeds agree
    by chance: with 3 seeds .013 of the differences that are 0 then have p < .001.) Seeds without values, then noises without
    one, are left out. p is NaN below 3 seeds, and where all differences are the same number.
    """
    d = d[np.isfinite(d).any(axis=1)]
    d = d[:, np.isfinite(d).all(axis=0) & (len(d) > 0)]
    seeds, count = d.shape
    if not d.size:
        return Claim(np.nan, np.nan, np.nan, np.nan, seeds, count)
    mean = float(d.mean())
    nothing = Claim(mean, np.nan, np.nan, np.nan, seeds, count)
    if seeds < FEWEST_SEEDS or count < 2:
        return nothing
    by_seed = count * float(d.mean(axis=1).var(ddof=1))
    by_noise = seeds * float(d.mean(axis=0).var(ddof=1))
    if by_seed + by_noise <= 1e-24 * float(np.square(d).mean()) * d.size:
        return nothing
    error = float(np.sqrt((by_seed + by_noise) / d.size))
    reach = float(student.ppf((1 + LEVEL) / 2, seeds - 1)) * error
    return Claim(mean, mean - reach, mean + reach, float(2 * student.sf(abs(mean) / error, seeds - 1)), seeds, count)


def holm(p: Values) -> Values:
    """p-values corrected for being many (Holm 1979): in rising order the i-th of m times m - i + 1, made to rise; NaN stays."""
    corrected = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    corrected[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)), 1)
    return corrected
