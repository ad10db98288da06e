"""The law of the posterior mean of a finite training set: uniform on its images."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity.laws.bottleneck import projected
from creativity.laws.law import Grid, Law, principal
from creativity.types import Values, Vectors

RESAMPLES = 999


class Counts(NamedTuple):
    """How often each image was generated, and how that fits the law."""

    counts: Values
    statistic: float
    p: float


def law(config: Mapping[str, Any], images: Vectors, grid: Grid) -> Law:
    """The bottleneck that loses nothing: all principal directions of the images [n, d] are kept."""
    return projected(principal(images)[1], images, grid)


def multinomial_test(samples: Vectors, images: Vectors, shares: Values) -> Counts:
    """Pearson's chi-square of the counts of each sample's nearest image, sum (o - e)^2 / e, its p-value by simulation (seed 0).

    Counts are small (often fewer samples than images), so the statistic's law is drawn from the multinomial, not from chi-square.
    """
    expected = len(samples) * shares
    counts = np.bincount(cdist(samples, images).argmin(axis=1), minlength=len(images))

    def statistic(drawn: np.ndarray) -> np.ndarray:
        return np.asarray((np.square(drawn - expected) / expected).sum(axis=-1))

    simulated = statistic(np.random.default_rng(0).multinomial(len(samples), shares, RESAMPLES))
    found = float(statistic(counts))
    extreme = int((simulated >= found * (1 - 1e-12)).sum())
    return Counts(counts.astype(np.float64), found, (1 + extreme) / (1 + RESAMPLES))
