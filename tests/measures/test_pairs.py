"""Pairs of denoisers from the same noise."""

import numpy as np
import pytest
from checkout import TINY
from sklearn.metrics import r2_score

from creativity.campaign.layout import runs
from creativity.campaign.validation import resolve
from creativity.measures import pairs


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
    found = {name: (value, low, high, count) for name, _, value, low, high, count, _ in pairs.compare(*both, sigma=0.3)}
    assert found["squared_correlation"][0] > 0.7
    assert found["chance_squared_correlation"][0] < 0.1
    assert found["chance_distance"][0] > 2 * found["distance"][0]
    assert all(low <= value <= high and count == 30 for value, low, high, count in found.values())


def test_constant_images_have_no_correlation_and_are_not_counted(both):
    a, b = both
    a[0] = 0.1  # whose mean over 20 values is not 0.1 in float64
    b[4] = np.float32(0.3) + np.float32(2e-8) * np.sign(b[4])  # varies by rounding alone
    assert np.flatnonzero(np.isnan(pairs.squared_correlation(a, b))).tolist() == [0, 4]
    assert np.flatnonzero(np.isnan(pairs.determination(a, b))).tolist() == [0]
    counted = {name: (count, left_out) for name, *_, count, left_out in pairs.compare(a, b)}
    assert counted["squared_correlation"] == (28, 2)
    assert counted["determination"] == (29, 1)
    assert counted["distance"] == (30, 0)


def test_an_image_of_little_contrast_is_not_constant(both):
    a, b = both
    faint = (0.5 + 1e-5 * a).astype(np.float32).astype(np.float64)
    assert pairs.squared_correlation(faint, b) == pytest.approx(pairs.squared_correlation(a, b), abs=0.01)


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
