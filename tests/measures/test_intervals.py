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


@pytest.mark.parametrize(("generated", "real"), [(60, 90), (300, 2000), (4000, 500)])
def test_the_variance_of_means_from_smaller_sets_is_s2_over_n(rng, generated, real):
    """Halves, or the share that leaves 500 of the larger set: unbiased for means, and 100 draws are within 3 * 14 %."""
    a, b = rng.normal(size=generated), 3 * rng.normal(size=real)
    found = intervals.variance(lambda i, j: np.array([a[i].mean(), b[j].mean()]), generated, real)
    assert found == pytest.approx([a.var() / generated, b.var() / real], rel=0.42)


def test_no_smaller_set_has_more_than_500_images():
    sizes = set()
    intervals.variance(lambda i, j: sizes.add((len(i), len(j))) or np.zeros(1), 1000, 10_000)
    assert sizes == {(50, 500)}


def test_a_share_of_images_that_count_less_than_themselves():
    """By R's binom.test: 30 of 100 is .2124 to .3998; 3 of 10 is .0667 to .6525; 0 of 10 up to .3085."""
    variance = (302 / 1004) * (702 / 1004) / 100  # as of 100 independent images, by the share with 2 added on either side
    assert intervals.effective(0.3, variance, 1000) == pytest.approx((0.3, 0.2124, 0.3998, 1000), abs=1e-4)
    assert intervals.effective(0.3, 1e-9, 10) == pytest.approx((0.3, 0.0667, 0.6525, 10), abs=1e-4)
    assert intervals.effective(0.0, 0.0, 10) == pytest.approx((0, 0, 0.3085, 10), abs=1e-4)
    assert intervals.effective(1.0, 0.0, 10) == pytest.approx((1, 0.6915, 1, 10), abs=1e-4)


def test_the_normal_interval_adds_the_variances_of_both_sides():
    """(16 / 4 + 9 / 9)^(1/2) = 5^(1/2): variances over n - 1 of 16 and 9 on four and nine images."""
    a = np.sqrt(12) * np.array([-1.0, 1, -1, 1])
    b = np.sqrt(9) * np.array([-1.0, 1, -1, 1, -1, 1, -1, 1, 0])
    assert intervals.normal(7.0, [a, b], 4) == pytest.approx((7, 7 - 4.3826, 7 + 4.3826, 4), abs=1e-4)


def test_the_interval_of_a_median_covers_it(rng):
    for n in (10, 31, 100):
        found = [intervals.median(rng.exponential(size=n)) for _ in range(800)]
        share = np.mean([interval.low <= np.log(2) <= interval.high for interval in found])
        assert share > binom.ppf(0.001, 800, 0.95) / 800
        assert share < 0.995
    assert intervals.median(np.array([3.0, np.nan, 1.0])) == (2.0, 1.0, 3.0, 2)
    assert intervals.median(np.zeros(0)).number == 0
