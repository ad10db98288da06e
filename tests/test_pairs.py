"""Pairs of denoisers from the same noise, claims over training seeds, and shares of a Jacobian's energy."""

import numpy as np
import pytest
from checkout import TINY
from scipy.stats import binom
from sklearn.metrics import r2_score

from creativity.campaign.layout import runs
from creativity.campaign.validation import resolve
from creativity.measures import claims, intervals, pairs, receptive_field


@pytest.fixture
def both(rng):
    a = rng.standard_normal((30, 20))
    return a, a + 0.5 * rng.standard_normal((30, 20))


def test_the_two_kinds_of_r2_are_those_of_numpy_and_scikit_learn(both):
    a, b = both
    expected = [np.corrcoef(x, y)[0, 1] ** 2 for x, y in zip(a, b, strict=True)]
    assert pairs.squared_correlation(a, b) == pytest.approx(expected)
    assert pairs.determination(a, b) == pytest.approx([r2_score(x, y) for x, y in zip(a, b, strict=True)])
    assert pairs.distance(a, b) == pytest.approx(np.sqrt(((a - b) ** 2).sum(axis=1)))


def test_only_determination_sees_contrast_and_brightness(both):
    a, _ = both
    assert pairs.squared_correlation(a, 0.1 * a + 3) == pytest.approx(np.ones(30))
    assert pairs.determination(a, 0.1 * a + 3).max() < 0
    assert pairs.determination(a, a) == pytest.approx(np.ones(30))


def test_a_pair_stands_beside_what_chance_gives(both):
    found = {name: (value, low, high, count) for name, _, value, low, high, count in pairs.compare(*both, sigma=0.3)}
    assert found["squared_correlation"][0] > 0.7
    assert found["chance_squared_correlation"][0] < 0.1
    assert found["chance_distance"][0] > 2 * found["distance"][0]
    assert all(low <= value <= high and count == 30 for value, low, high, count in found.values())


def test_constant_images_have_no_correlation_and_are_not_counted(both):
    a, b = both
    a[0] = 2
    found = {name: count for name, *_, count in pairs.compare(a, b)}
    assert found["squared_correlation"] == 29
    assert found["distance"] == 30


def test_the_interval_of_a_median_covers_it(rng):
    for n in (10, 31, 100):
        found = [intervals.median(rng.exponential(size=n)) for _ in range(800)]
        share = np.mean([interval.low <= np.log(2) <= interval.high for interval in found])
        assert share > binom.ppf(0.001, 800, 0.95) / 800
        assert share < 0.995
    assert intervals.median(np.array([3.0, np.nan, 1.0])) == (2.0, 1.0, 3.0, 2)
    assert intervals.median(np.zeros(0)).number == 0


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


def test_energy_is_shared_out_by_squares_about_the_centre():
    energy = np.zeros((1, 8, 8))
    energy[0, 4, 4], energy[0, 3, 5], energy[0, 4, 0] = 1, 2, 5
    assert receptive_field.within(energy, 1) == 1 / 8
    assert receptive_field.within(energy, 3) == 3 / 8
    assert receptive_field.within(energy, 7) == 3 / 8
    assert receptive_field.within(energy, 9) == 1
    rows = receptive_field.rows(np.concatenate([energy, energy]), 0.5)
    assert [row[1] for row in rows] == [1, 3, 5, 7, 9]
    assert rows[-1][2] == 1
    assert np.isnan(receptive_field.within(np.zeros((1, 8, 8)), 3)).all()


def runs_of(config):
    return [run for run in runs(resolve(config, "test")) if run.kind != "control"]


def test_pairs_within_a_subset_share_a_seed_or_a_denoiser_or_need_no_seed():
    every = runs_of(TINY | {"seeds": [0, 1], "subsets": TINY["subsets"] | {"sizes": [20]}})
    (found,) = pairs.within(every)
    closed, trained, seeds = 3, 3, 2
    expected = closed * (closed - 1) // 2 + closed * trained * seeds + seeds * trained * (trained - 1) // 2 + trained
    assert len(found) == len({(a.key, b.key) for a, b in found}) == expected
    assert all(a.kind == "trained" for a, b in found if b.kind == "trained")
    assert {(a.seed, b.seed) for a, b in found if a.denoiser == b.denoiser} == {(0, 1)}


def test_pairs_across_subsets_are_of_one_denoiser_seed_and_size():
    every = runs_of(TINY | {"seeds": [0, 1], "subsets": TINY["subsets"] | {"seeds": [0, 1, 2]}})
    found = [pair for group in pairs.across(every) for pair in group]
    assert len(found) == 2 * 3 * (3 + 3 * 2)  # sizes x pairs of subsets x (closed forms + trained x seeds)
    assert all((a.n, a.denoiser, a.seed) == (b.n, b.denoiser, b.seed) and a.subset != b.subset for a, b in found)


def test_a_campaign_of_two_thousand_runs_has_few_pairs_a_run():
    nets = {f"net{i}": {"family": "mlp", "width": 16 + i} for i in range(20)}
    subsets = TINY["subsets"] | {"sizes": [20, 30, 40, 50, 60], "seeds": [0, 1, 2, 3]}
    every = runs_of(TINY | {"denoisers": nets, "seeds": [0, 1, 2, 3, 4], "subsets": subsets})
    assert len(every) == 2000
    number = sum(len(group) for paired in (pairs.within, pairs.across) for group in paired(every))
    assert number < 15 * len(every)
