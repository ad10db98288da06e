import numpy as np
import pytest
from scipy.spatial.distance import cdist, pdist

from creativity.data.sets import texture
from creativity.measures.alignment import aligned, fresh, metrics, patch_distance, ratio


def field(rng, count):
    """A binary texture, or a Gaussian field of nearly its covariance."""
    return np.stack([texture.draw(rng, 8) for _ in range(count)])[:, None]


def gaussian_like(rng, images, count):
    rows = images.reshape(len(images), -1)
    return rng.multivariate_normal(rows.mean(axis=0), np.cov(rows.T), count).reshape(count, *images.shape[1:])


def test_the_patch_distance_is_that_of_a_loop(rng):
    a, b = rng.standard_normal((2, 1, 4, 5)), rng.standard_normal((3, 1, 4, 5))
    windows = [(r, c) for r in range(2) for c in range(3)]
    brute = [
        [np.mean([np.linalg.norm(x[:, r : r + 3, c : c + 3] - y[:, r : r + 3, c : c + 3]) for r, c in windows]) for y in b]
        for x in a
    ]
    assert patch_distance(a, b) == pytest.approx(np.array(brute))


def test_the_ratio_is_that_of_v_statistics(rng):
    a, b = rng.standard_normal((30, 4)), rng.standard_normal((50, 4)) + 0.5
    v_statistic = 2 * cdist(a, b).mean() - cdist(a, a).mean() - cdist(b, b).mean()
    expected = (1 / 30 + 1 / 50) * pdist(b).mean()
    found = 1 + ratio(cdist(a, b), cdist(a, a), cdist(b, b)).value
    bias = (pdist(a).mean() - pdist(b).mean()) / 30 / expected  # the ratio takes E|A - A'| of a itself for E|X - X'|
    assert found == pytest.approx(v_statistic / expected - bias)


def test_the_range_of_fresh_draws_is_that_of_splits_one_by_one(rng):
    reference, heldout = field(rng, 25), field(rng, 12)
    known, pool = fresh(patch_distance, heldout, reference), np.concatenate([heldout, reference])
    splits, ratios = np.random.default_rng(0), []
    for _ in range(1000):
        order = splits.permutation(37)
        a, b = pool[order[:12]], pool[order[12:]]
        ratios.append(1 + ratio(patch_distance(a, b), patch_distance(a, a), patch_distance(b, b)).value)
    assert (known.low, known.high) == pytest.approx(tuple(np.quantile(ratios, [0.025, 0.975])))


def test_what_a_fresh_draw_adds_to_the_ratio_is_found_by_leaving_it_out(rng):
    """The jackknife's variance of both sides, within the order 1 / n of its difference from that of the influences."""
    a, b = rng.standard_normal((80, 3)) + 1, rng.standard_normal((120, 3))
    across, within, among = cdist(a, b), cdist(a, a), cdist(b, b)
    whole = ratio(across, within, among)
    unit = 1 / 80 + 1 / 120
    kept = [np.delete(np.arange(120), j) for j in range(120)]
    left_out = [ratio(across[:, j], within, among[np.ix_(j, j)]).value * (1 / 80 + 1 / 119) / unit for j in kept]
    jackknife = 119 / 120 * np.sum((left_out - np.mean(left_out)) ** 2)
    assert whole.by_reference.var(ddof=1) / 120 == pytest.approx(jackknife, rel=0.05)


def test_fresh_draws_lie_in_their_range_as_often_as_it_says(rng):
    reference, heldout = field(rng, 200), field(rng, 60)
    for name, metric in metrics(reference).items():
        known = fresh(metric, heldout, reference)
        found = [aligned(x, known).value for x in (field(rng, 60) for _ in range(40))]
        inside = np.mean([known.low <= value <= known.high for value in found])
        assert inside >= 0.8, name
        assert np.mean(found) == pytest.approx(1, abs=0.15), name


def test_a_gaussian_of_the_same_covariance_is_told_from_the_texture_by_its_pixels(rng):
    reference, heldout = field(rng, 300), field(rng, 100)
    known = {name: fresh(metric, heldout, reference) for name, metric in metrics(reference).items()}
    samples = gaussian_like(rng, field(rng, 2000), 100)
    found = {name: aligned(samples, one) for name, one in known.items()}
    assert found["pixel"].low > known["pixel"].high
    assert found["image"].value < 1.5  # which is why the Euclidean distance does not stand alone
    assert found["pixel"].low < found["pixel"].value < found["pixel"].high
