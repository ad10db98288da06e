import numpy as np
import pytest
from scipy.stats import binom

from creativity.measures import intervals


def test_wilson_intervals():
    found = intervals.share(np.array([True] * 3 + [False] * 7))
    assert tuple(found) == pytest.approx((0.3, 0.10779, 0.60323, 10), abs=1e-4)
    assert np.isnan(intervals.share(np.zeros(0, dtype=bool)).value)


def test_the_bootstrap_covers_the_mean_as_often_as_it_says(rng):
    hits = 0
    for _ in range(100):
        found = intervals.centre(rng.normal(size=80), np.mean)
        hits += found.low <= 0 <= found.high
    assert 86 <= hits <= 100


def test_intervals_by_halves_have_the_width_of_the_true_spread():
    rng = np.random.default_rng(5)
    widths, values = [], []
    for _ in range(150):
        a, b = rng.normal(size=(60, 1)) + 1, rng.normal(size=(60, 1))
        found = intervals.between(lambda i, j, a=a, b=b: float(a[i].mean() - b[j].mean()), 60, 60)
        widths.append(found.high - found.low)
        values.append(found.value)
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(values), rel=0.2)


def test_the_interval_of_a_median_covers_it(rng):
    for n in (10, 31, 100):
        found = [intervals.median(rng.exponential(size=n)) for _ in range(800)]
        share = np.mean([interval.low <= np.log(2) <= interval.high for interval in found])
        assert share > binom.ppf(0.001, 800, 0.95) / 800
        assert share < 0.995
    assert intervals.median(np.array([3.0, np.nan, 1.0])) == (2.0, 1.0, 3.0, 2)
    assert intervals.median(np.zeros(0)).number == 0
