"""Claims over training seeds: false ones are rare, true ones are found."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binom

from creativity.measures import claims


def crossed(rng, difference, seeds=4, noises=50, by_seed=1.0, by_noise=1.0, rest=1.0):
    """Differences with an effect of the seed, one of the noise, and one of both together."""
    return (
        difference
        + by_seed * rng.standard_normal((seeds, 1))
        + by_noise * rng.standard_normal((1, noises))
        + rest * rng.standard_normal((seeds, noises))
    )


@pytest.mark.parametrize(("by_seed", "by_noise", "rest"), [(1.0, 0.1, 1.0), (0.1, 3.0, 1.0), (1.0, 5.0, 0.0), (0.0, 0.0, 1.0)])
def test_false_claims_are_as_rare_as_they_are_said_to_be(rng, by_seed, by_noise, rest):
    found = [claims.claim(crossed(rng, 0, by_seed=by_seed, by_noise=by_noise, rest=rest)) for _ in range(1000)]
    assert np.mean([claim.p < 0.05 for claim in found]) < binom.ppf(0.999, 1000, 0.05) / 1000
    assert all((claim.low > 0 or claim.high < 0) == (claim.p < 0.05) for claim in found)


EFFECTS = [(1.0, 0.1, 1.0), (0.1, 3.0, 1.0), (1.0, 5.0, 0.0), (0.0, 0.0, 1.0), (0.3, 0.3, 2.0)]
TABLES = 20_000


@pytest.mark.long
@pytest.mark.parametrize("seeds", [3, 5])
@pytest.mark.parametrize(("by_seed", "by_noise", "rest"), EFFECTS)
def test_the_size_holds_far_out_too(rng, seeds, by_seed, by_noise, rest):
    """20,000 tables without a difference: p < .05, .01 and .001 at most 1.2 times as often, but for 3 standard errors."""
    tables = (crossed(rng, 0, seeds, 20, by_seed, by_noise, rest) for _ in range(TABLES))
    p = np.array([claims.claim(table).p for table in tables])
    for level in (0.05, 0.01, 0.001):
        error = np.sqrt(level * (1 - level) / TABLES)
        assert np.mean(p < level) <= 1.2 * level + 3 * error, level


@pytest.mark.long
@pytest.mark.parametrize("seeds", [3, 5])
def test_a_family_of_claims_has_a_false_one_in_at_most_one_campaign_of_twenty(rng, seeds):
    """2,000 campaigns of seven equal denoisers, 21 pairs each, corrected by Holm: at most .05, but for 3 standard errors."""
    wrong = 0
    for _ in range(2000):
        scores = [crossed(rng, 0, seeds, 20, by_seed=0.7, by_noise=0.0, rest=1.0) for _ in range(7)]
        p = np.array([claims.claim(a - b).p for a, b in combinations(scores, 2)])
        wrong += claims.holm(p).min() < 0.05
    assert wrong / 2000 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)


def test_the_test_is_that_of_the_seed_means_where_noises_say_the_same():
    """By hand: seed means 1, 2, 3, no effect of the noise: t = 2 / (1 / sqrt 3) = 3.4641 with 2 degrees, p = .0742."""
    claim = claims.claim(np.array([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]))
    assert claim.difference == 2.0
    assert claim.p == pytest.approx(0.0742, abs=5e-5)
    assert claim.high - claim.low == pytest.approx(2 * 4.30265 / np.sqrt(3), rel=1e-5)


def test_noises_do_not_stand_in_for_trainings(rng):
    """A thousand noises of three trainings that differ are three numbers: a test over samples would be sure, this one is not."""
    d = crossed(rng, 0.0, seeds=3, noises=1000, by_seed=1.0, by_noise=0.0, rest=0.1)
    assert abs(d.mean() / (d.std() / np.sqrt(d.size))) > 5
    assert claims.claim(d).p > 0.05


def test_a_true_difference_is_found(rng):
    claim = claims.claim(crossed(rng, 10.0, seeds=5, by_seed=0.5))
    assert claim.p < 1e-3
    assert claim.low < 10 < claim.high
    assert (claim.seeds, claim.number) == (5, 50)


def test_without_three_seeds_or_without_any_spread_nothing_is_claimed(rng):
    assert np.isnan(claims.claim(crossed(rng, 5.0, seeds=2)).p)
    assert np.isnan(claims.claim(np.full((4, 20), 0.7)).p)
    assert claims.claim(np.full((4, 20), 0.7)).difference == pytest.approx(0.7)


def test_a_training_that_diverged_and_samples_without_a_value_are_left_out(rng):
    d = crossed(rng, 1.0, seeds=4, noises=20)
    d[2] = np.nan
    d[0, 5] = np.nan
    claim = claims.claim(d)
    assert (claim.seeds, claim.number) == (3, 19)
    assert claim.difference == pytest.approx(np.delete(d, 2, axis=0)[:, np.arange(20) != 5].mean())
    assert claims.claim(np.full((3, 4), np.nan)).number == 0


def test_holm_is_that_of_the_literature():
    assert claims.holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
    assert claims.holm(np.array([0.01, 0.02, 0.03, 0.04])) == pytest.approx([0.04, 0.06, 0.06, 0.06])  # R: p.adjust
    corrected = claims.holm(np.array([0.5, np.nan, 0.9, 0.01]))
    assert corrected[[0, 2, 3]] == pytest.approx([1, 1, 0.03])
    assert np.isnan(corrected[1])
