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
    assert crossing(SIZES, np.full((3, 4), 1.0), np.arange(3), 100) == (np.inf, np.inf, np.inf)
    assert crossing(SIZES, np.full((3, 4), 0.0), np.arange(3), 100) == (0, 0, 0)


def test_the_interval_by_hand():
    """Two subsets with shares 1/2 + d -+ 0.01 at each size: t = |d| / 0.01 with one degree of freedom is 12.706 at d = 0.12706.

    The share falls by 0.2 for each doubling, so that it is 1/2 +- 0.12706 at 20 * 2 ^ -+(0.12706 / 0.2).
    """
    share = np.array([0.7, 0.5, 0.3, 0.1])
    at = crossing(SIZES, np.stack([share - 0.01, share + 0.01]), np.array(["s0", "s1"]), 10**6)
    assert at.value == pytest.approx(20)
    assert at.low == pytest.approx(20 * 2 ** (-0.12706 / 0.2), rel=2e-3)
    assert at.high == pytest.approx(20 * 2 ** (0.12706 / 0.2), rel=2e-3)


def test_few_samples_make_the_interval_wide_where_the_subsets_agree_by_chance():
    """Both shares 1/2 + d, 25 samples: 1.96 sqrt(.25 / 50) = 0.1386, but for the variance away from 1/2."""
    share = np.array([0.7, 0.5, 0.3, 0.1])
    at = crossing(SIZES, np.stack([share, share]), np.array(["s0", "s1"]), 25)
    assert at.high == pytest.approx(20 * 2 ** (0.1386 / 0.2), rel=0.03)


def test_trainings_on_one_subset_are_no_replicates():
    shares = np.array([[0.9, 0.7, 0.3, 0.0], [0.9, 0.6, 0.2, 0.0], [0.8, 0.6, 0.2, 0.0]])
    one = crossing(SIZES, shares, np.array(["s0"] * 3), 100)
    assert one.value == fall(SIZES, shares.mean(axis=0))
    assert np.isnan([one.low, one.high]).all()
    twice = crossing(SIZES, np.repeat(shares, 4, axis=0), np.repeat(["s0", "s1", "s2"], 4), 10**6)
    once = crossing(SIZES, shares, np.array(["s0", "s1", "s2"]), 10**6)
    assert twice == pytest.approx(once)


def test_an_end_that_the_sizes_asked_do_not_reach_is_open():
    shares = np.array([[0.9, 0.8, 0.7, 0.55], [0.8, 0.7, 0.6, 0.3]])
    at = crossing(SIZES, shares, np.array(["s0", "s1"]), 100)
    assert (at.low, at.high) == (0, np.inf)


EFFECTS = [(0.3, 0.1), (0.1, 0.3), (0.6, 0.2), (0.0, 0.0)]  # standard deviations in ln n, of subsets and of seeds
ASKED = np.array([8.0, 16.0, 40.0, 120.0])


def logistic(rng, subsets, seeds, by_subset, by_seed):
    """Shares that fall through 1/2 at n = 30, but for effects of the subset and of the seed: [subsets seeds, sizes]."""
    middle = by_subset * rng.standard_normal((subsets, 1, 1)) + by_seed * rng.standard_normal((subsets, seeds, 1))
    return (1 / (1 + np.exp(3 * (np.log(ASKED / 30) - middle)))).reshape(subsets * seeds, -1)


@pytest.mark.long
@pytest.mark.parametrize(("by_subset", "by_seed"), EFFECTS)
@pytest.mark.parametrize(("subsets", "seeds"), [(2, 1), (2, 3), (3, 1), (3, 3), (5, 1), (5, 3)])
def test_the_interval_covers_the_crossing_with_subset_and_seed_effects(rng, subsets, seeds, by_subset, by_seed):
    """1,000 campaigns of 60 samples: at least .92 cover, but for 3 standard errors of .0086; nominal .95."""
    truth = fall(ASKED, logistic(rng, 20_000, 1, by_subset, by_seed).mean(axis=0))
    covered = 0
    for _ in range(1000):
        shares = rng.binomial(60, logistic(rng, subsets, seeds, by_subset, by_seed)) / 60
        at = crossing(ASKED, shares, np.repeat(np.arange(subsets), seeds), 60)
        covered += at.low <= truth <= at.high
    assert covered / 1000 >= 0.92 - 3 * np.sqrt(0.92 * 0.08 / 1000)


def test_the_interval_covers_the_truth_about_as_often_as_it_says(rng):
    """150 campaigns of three subsets with three trainings each; nominal .95."""
    truth, covered = fall(ASKED, logistic(rng, 20_000, 1, 0.3, 0.1).mean(axis=0)), 0
    for _ in range(150):
        at = crossing(ASKED, rng.binomial(60, logistic(rng, 3, 3, 0.3, 0.1)) / 60, np.repeat(np.arange(3), 3), 60)
        covered += at.low <= truth <= at.high
    assert 135 <= covered <= 150
