"""The law of the family `bayes`: samples drawn with the posterior mean of a training set are its images, each equally likely."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity.laws.bottleneck import projected
from creativity.laws.law import Grid, Law, principal
from creativity.types import Values, Vectors

RESAMPLES = 999


class Counts(NamedTuple):
    """Numbers of samples nearest to each image [m], Pearson's chi-square statistic, and its p-value."""

    counts: Values
    statistic: float
    p: float


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The law of a bottleneck whose encoder keeps all principal directions of the images [n, d], and so loses nothing."""
    return projected(principal(images)[1], images, grid)


def multinomial_test(samples: Vectors, images: Vectors, shares: Values) -> Counts:
    """Tests how often each image [m, d] is the one nearest to a sample [n, d] against its share [m] under the law.

    The statistic is Pearson's, sum (o - e)^2 / e. Counts are small (often fewer samples than images), so its p-value comes from
    RESAMPLES draws of the multinomial distribution (seed 0), not from the chi-square distribution.
    """
    expected = len(samples) * shares
    counts = np.bincount(cdist(samples, images).argmin(axis=1), minlength=len(images))

    def statistic(drawn: np.ndarray) -> np.ndarray:
        return np.asarray((np.square(drawn - expected) / expected).sum(axis=-1))

    simulated = statistic(np.random.default_rng(0).multinomial(len(samples), shares, RESAMPLES))
    observed = float(statistic(counts))
    extreme = int((simulated >= observed * (1 - 1e-12)).sum())
    return Counts(counts.astype(np.float64), observed, (1 + extreme) / (1 + RESAMPLES))
