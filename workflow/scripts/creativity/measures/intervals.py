"""95 % intervals: Wilson for shares, bootstrap or order statistics for means and medians, half-sampling for distances."""

from collections.abc import Callable

import numpy as np
from scipy.stats import binom, binomtest, bootstrap

from creativity.types import Flags, Interval, Values

LEVEL = 0.95
RESAMPLES = 1000
HALVES = 100


def share(flags: Flags) -> Interval:
    """A share of successes with Wilson's interval (Wilson 1927); NaN where nothing was counted."""
    if not len(flags):
        return Interval(np.nan, np.nan, np.nan, 0)
    result = binomtest(int(flags.sum()), len(flags))
    interval = result.proportion_ci(LEVEL, method="wilson")
    return Interval(result.statistic, interval.low, interval.high, len(flags))


def centre(values: Values, statistic: Callable[..., np.ndarray] = np.median) -> Interval:
    """A median (or mean) with its percentile bootstrap interval (Efron 1979), seed 0."""
    if not len(values):
        return Interval(np.nan, np.nan, np.nan, 0)
    point = float(statistic(values))
    if len(values) < 2 or np.ptp(values) == 0:
        return Interval(point, point, point, len(values))
    interval = bootstrap(
        (values,), statistic, n_resamples=RESAMPLES, confidence_level=LEVEL, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    return Interval(point, float(interval.low), float(interval.high), len(values))


def median(values: Values) -> Interval:
    """The median of the finite values, between two of them: the order statistics whose binomial coverage is at least 95 %.

    Distribution-free, and cheap enough for thousands of pairs (Thompson 1936). With fewer than 6 values: from least to largest.
    """
    ordered = np.sort(values[np.isfinite(values)])
    if not len(ordered):
        return Interval(np.nan, np.nan, np.nan, 0)
    rank = max(int(binom.ppf((1 - LEVEL) / 2, len(ordered), 0.5)), 1)
    return Interval(float(np.median(ordered)), float(ordered[rank - 1]), float(ordered[-rank]), len(ordered))


def between(distance: Callable[[np.ndarray, np.ndarray], float], generated: int, real: int) -> Interval:
    """A distance between two sets with an interval from halves of both, drawn without replacement (seed 0).

    `distance` takes the indices kept on each side. For a mean, a half drawn without replacement varies about the whole by
    as much as the whole about the truth, 1/m - 1/n = 1/n at m = n/2 (the delete-half jackknife, Shao & Wu 1989).
    The bias that comes with the smaller size is taken out by centring the halves on their own mean. A bootstrap
    would put duplicates into the sets.
    """
    value = distance(np.arange(generated), np.arange(real))
    rng = np.random.default_rng(0)
    halves = np.array([distance(half(rng, generated), half(rng, real)) for _ in range(HALVES)])
    low, high = np.quantile(halves - halves.mean(), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(value, value + float(low), value + float(high), generated)


def between_sets(distance: Callable[..., float], across: np.ndarray, within: np.ndarray, among: np.ndarray) -> Interval:
    """`between` of a distance that takes matrices over all pairs: across [n, m], within [n, n] and among [m, m] the sets."""

    def of(i: np.ndarray, j: np.ndarray) -> float:
        return distance(across[np.ix_(i, j)], within[np.ix_(i, i)], among[np.ix_(j, j)])

    return between(of, *across.shape)


def half(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.sort(rng.choice(count, max(2, count // 2), replace=False))
