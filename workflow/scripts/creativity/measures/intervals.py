"""95 % intervals: Wilson for shares, bootstrap or order statistics for means and medians, smaller sets or influences for sets."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.stats import beta, binom, binomtest, bootstrap, norm

from creativity.types import Flags, Interval, Values

LEVEL = 0.95
Z = float(norm.ppf((1 + LEVEL) / 2))
RESAMPLES = 1000
DRAWS = 100  # of smaller sets
LARGEST = 500  # images of a side of these


def share(flags: Flags) -> Interval:
    """A share of successes with Wilson's interval (Wilson 1927); NaN where nothing was counted."""
    if not len(flags):
        return Interval(np.nan, np.nan, np.nan, 0)
    result = binomtest(int(flags.sum()), len(flags))
    interval = result.proportion_ci(LEVEL, method="wilson")
    return Interval(result.statistic, interval.low, interval.high, len(flags))


def effective(value: float, variance: float, count: int) -> Interval:
    """A share of `count` images that do not count by themselves: Clopper and Pearson's interval for fewer (Korn & Graubard 1998).

    For as many independent images as make this variance, p (1 - p) / variance with p = (count value + 2) / (count + 4), which is
    neither 0 nor 1; at most `count`.

    >>> [round(end, 4) for end in effective(0.3, 0.0, 10)[:3]], [round(end, 3) for end in effective(0.5, 0.0025, 1000)[:3]]
    ([0.3, 0.0667, 0.6525], [0.5, 0.398, 0.602])
    """
    p = (count * value + 2) / (count + 4)
    n = count if variance * count <= p * (1 - p) else p * (1 - p) / variance
    successes, failures = value * n, (1 - value) * n
    low = beta.ppf((1 - LEVEL) / 2, successes, failures + 1) if successes > 0 else 0.0
    high = beta.ppf((1 + LEVEL) / 2, successes + 1, failures) if failures > 0 else 1.0
    return Interval(value, float(low), float(high), count)


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


def normal(value: float, influences: Sequence[Values], count: int) -> Interval:
    """The normal interval of a smooth function of one or two sets, from the influence of each image: variances over n, added.

    The infinitesimal jackknife (Jaeckel 1972; Efron 1982).
    """
    reach = Z * float(np.sqrt(sum(side.var(ddof=1) / len(side) for side in influences)))
    return Interval(value, value - reach, value + reach, count)


def variance(statistic: Callable[[np.ndarray, np.ndarray], Values], generated: int, real: int) -> Values:
    """The variance of statistics of two sets, from 100 smaller sets drawn without replacement (seed 0): one for each statistic.

    `statistic` takes the indices kept on each side: half of both, or the share that leaves 500 of the larger. What is of the order
    of 1 / n varies about the whole by (1 / f - 1) times as much as the whole about the truth, where f is the share kept (Politis &
    Romano 1994; Shao & Wu 1989). A bootstrap would put duplicates into the sets.
    """
    share, rng = min(0.5, LARGEST / max(generated, real)), np.random.default_rng(0)
    drawn = [statistic(part(rng, generated, share), part(rng, real, share)) for _ in range(DRAWS)]
    return np.asarray(np.var(drawn, axis=0, ddof=1) * share / (1 - share))


def part(rng: np.random.Generator, count: int, share: float) -> np.ndarray:
    """Indices of this share of so many images, at least 8."""
    return np.sort(rng.choice(count, min(count, max(8, int(count * share))), replace=False))
