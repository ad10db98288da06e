"""Compares samples with a law by statistics and tests; computes the rows of a run's law.parquet."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import kstest, norm, trim_mean

from creativity import store
from creativity.laws.bayes import multinomial_test
from creativity.laws.law import Law
from creativity.measures import intervals, two_sample
from creativity.measures.pairs import determination, squared_correlation
from creativity.neighbours.vectors import held
from creativity.types import Interval, Values, Vectors

LAW = {"law": store.TEXT, "measure": store.TEXT, "mode": store.LONG, "expected": store.REAL, "value": store.REAL}
LAW |= {"low": store.REAL, "high": store.REAL, "p": store.REAL, "count": store.LONG}
COPY = 1e-3  # a sample nearer than this to a training image (L2, pixel values) counts as that image
MODES = 100  # number of leading modes whose variance is reported
PERMUTATIONS = 999
FEWEST = 5  # samples from which moments are taken
COMPARED = 1000  # at most so many samples enter the permutation test, whose cost is quadratic

Row = tuple[Any, ...]


def rows(name: str, law: Law, samples: Vectors, noise: Vectors, seed: int) -> list[Row]:
    """The rows of LAW for samples [n, d] that were drawn from unit noise [n, d].

    name: of the law, for the first column; seed: of the law's independent draws.
    """
    if not len(samples):
        return []
    predicted = law.predict(noise)
    fresh = law.fresh(seed, len(samples))
    bounded, predicted_bounded = held(samples), held(predicted)
    both = bounded & predicted_bounded
    measured = [
        row("escaped", intervals.share(~bounded), expected=float(np.mean(~predicted_bounded))),
        *sample_rows(samples[both], predicted[both]),
        *set_rows(law, samples[bounded], fresh[held(fresh)]),
        *mode_rows(law, samples[bounded], fresh[held(fresh)]),
    ]
    return [(name, *columns) for columns in measured]


def row(measure: str, observed: Interval, expected: float | None = None, mode: int | None = None, p: float | None = None) -> Row:
    """The columns of LAW after the first. expected: by the law; mode: index of the direction; p: of a test against the law."""
    return (measure, mode, expected, observed.value, observed.low, observed.high, p, observed.number)


def sample_rows(samples: Vectors, predicted: Vectors) -> Iterator[Row]:
    """Distance and correlation between each sample and the one that the law predicts from its noise."""
    if not len(samples):
        return
    errors = np.linalg.norm(samples - predicted, axis=1)
    yield row("error", intervals.median(errors), expected=0.0)
    yield row("error_max", Interval(float(errors.max()), np.nan, np.nan, len(errors)), expected=0.0)
    yield row("squared_correlation", intervals.median(squared_correlation(samples, predicted)), expected=1.0)
    yield row("determination", intervals.median(determination(samples, predicted)), expected=1.0)


def set_rows(law: Law, samples: Vectors, fresh: Vectors) -> Iterator[Row]:
    """Comparison of the samples [n, d] as a set with the law's moments and its independent draws `fresh` [m, d]."""
    if min(len(samples), len(fresh)) < FEWEST:
        return
    offset = float(np.linalg.norm(samples.mean(axis=0) - law.mean))
    expected = float(np.sqrt(law.variances.sum() / len(samples)))
    yield row("mean_offset", Interval(offset, np.nan, np.nan, len(samples)), expected)
    yield row("outside", outside(law, samples), expected=0.0)
    distance, p = permutation_test(samples[:COMPARED], fresh[:COMPARED])
    yield row("energy_distance", Interval(distance, np.nan, np.nan, len(samples[:COMPARED])), expected=0.0, p=p)
    if law.images is not None and law.shares is not None:
        copies = cdist(samples, law.images).min(axis=1) < COPY
        yield row("training_image", intervals.share(copies), expected=1.0)
        counts = multinomial_test(samples, law.images, law.shares)
        yield row("counts", Interval(counts.statistic, np.nan, np.nan, len(samples)), expected=len(law.images) - 1.0, p=counts.p)


def outside(law: Law, samples: Vectors) -> Interval:
    """Share of the samples' summed squared distance from the law's mean that is orthogonal to the law's directions."""
    away = samples - law.mean
    rest = away - away @ law.directions.T @ law.directions
    return Interval(float(np.square(rest).sum() / np.square(away).sum()), np.nan, np.nan, len(samples))


def permutation_test(a: Vectors, b: Vectors) -> tuple[float, float]:
    """Energy distance of samples a [n, d] and b [m, d], and the p-value of a permutation test (seed 0) of equal distributions.

    The permuted statistic is the V-statistic -s^T D s, with s = 1 / n on a, -1 / m on b, and the pairwise distances D. The p-value
    is the share of the PERMUTATIONS + 1 labellings, the observed one among them, whose statistic is at least the observed one.
    """
    pooled = cdist(np.concatenate([a, b]), np.concatenate([a, b]))
    signs = np.concatenate([np.full(len(a), 1 / len(a)), np.full(len(b), -1 / len(b))])
    rng = np.random.default_rng(0)
    labels = np.stack([signs, *(rng.permutation(signs) for _ in range(PERMUTATIONS))], axis=1)
    statistics = -np.einsum("ij,ij->j", labels, pooled @ labels)
    p = float(np.mean(statistics >= statistics[0] * (1 - 1e-12)))
    n = len(a)
    sums = (two_sample.of_matrix(-block) for block in (pooled[:n, n:], pooled[:n, :n], pooled[n:, n:]))
    return two_sample.discrepancy(*sums).value, p


def mode_rows(law: Law, samples: Vectors, fresh: Vectors) -> Iterator[Row]:
    """Along the law's leading directions: the samples' variance, and a Kolmogorov-Smirnov test where the law has a cdf.

    fresh: independent draws of the law.
    """
    if len(samples) < FEWEST:
        return
    coordinates, draws = ((side - law.mean) @ law.directions[:MODES].T for side in (samples, fresh))
    for j in range(coordinates.shape[1]):
        yield row("variance", variance(coordinates[:, j], draws[:, j]), expected=float(law.variances[j]), mode=j)
    if law.cdf is None or law.monotone is None:
        return
    yield row("monotone", intervals.share(law.monotone), expected=1.0)
    levels = law.cdf(samples)
    for j in np.flatnonzero(law.monotone[:MODES]).tolist():
        test = kstest(levels[:, j], "uniform")
        yield row("kolmogorov_smirnov", Interval(float(test.statistic), np.nan, np.nan, len(samples)), 0.0, j, float(test.pvalue))


def variance(values: Values, draws: Values) -> Interval:
    """The sample variance (divided by n - 1) with a 95 % interval for laws of any kurtosis (Bonett 2006). draws: of the law.

    About ln(c s^2), c = n / (n - z), it reaches z sqrt((kurtosis - (n - 3) / n) / (n - 1)) either way, z = 1.96. The kurtosis is
    that of the values or that of the draws, whichever is larger: a few values of a law with heavy tails mostly show none of them.
    """
    s2, n = float(values.var(ddof=1)), len(values)
    if np.ptp(values) == 0:
        return Interval(s2, s2, s2, n)
    z = float(norm.ppf((1 + intervals.LEVEL) / 2))
    largest = max(kurtosis(side) for side in (values, draws) if len(side) > 4 and np.ptp(side) > 0)
    ratio = np.exp(z * np.sqrt(max(largest - (n - 3) / n, 0) / (n - 1)))
    middle = s2 * n / (n - z)
    return Interval(s2, min(float(middle / ratio), s2), max(float(middle * ratio), s2), n)


def kurtosis(values: Values) -> float:
    """n sum (x - m)^4 / (sum (x - mean)^2)^2, with m the mean without the share 1 / (2 sqrt(n - 4)) at either end (Bonett 2006)."""
    n = len(values)
    middle = trim_mean(values, 1 / (2 * np.sqrt(n - 4)))
    return float(n * ((values - middle) ** 4).sum() / np.square(values - values.mean()).sum() ** 2)
