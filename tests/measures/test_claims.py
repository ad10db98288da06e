"""Claims over training seeds: false ones are rare, true ones are found."""

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
