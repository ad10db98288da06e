import numpy as np
import pytest

from creativity.measures.phase import crossing, fall

SIZES = np.array([10.0, 20.0, 40.0, 80.0])


def test_the_crossing_is_interpolated_in_the_logarithm():
    assert fall(SIZES, np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(np.sqrt(20 * 40))
    assert fall(SIZES, np.array([1.0, 0.75, 0.25, 0.0])) == pytest.approx(np.sqrt(20 * 40))
    assert fall(SIZES, np.array([0.9, 0.5, 0.1, 0.0])) == pytest.approx(20)


def test_a_share_that_rises_by_chance_is_made_to_fall():
    assert fall(SIZES, np.array([0.6, 0.8, 0.2, 0.2])) == pytest.approx(fall(SIZES, np.array([0.7, 0.7, 0.2, 0.2])))


def test_a_crossing_outside_the_sizes_is_not_made_up():
    assert fall(SIZES, np.full(4, 0.9)) == np.inf
    assert fall(SIZES, np.full(4, 0.1)) == 0
    assert crossing(SIZES, np.full((3, 4), 1.0), 100) == (np.inf, np.inf, np.inf)
    assert crossing(SIZES, np.full((3, 4), 0.0), 100) == (0, 0, 0)


def test_the_interval_covers_the_truth_about_as_often_as_it_says(rng):
    """A logistic fall through 1/2 at n = 30, replicates that scatter in ln n, 60 samples: over 100 repetitions."""
    covered = 0
    for _ in range(100):
        middle = np.log(30) + 0.2 * rng.standard_normal((6, 1))
        truth = 1 / (1 + np.exp(3 * (np.log(SIZES) - middle)))
        found = crossing(SIZES, rng.binomial(60, truth) / 60, 60)
        covered += found.low <= 30 <= found.high
    assert 80 <= covered <= 100
