"""Energy and kernel distance: against scikit-learn, scipy and loops, and how often their intervals hold the truth."""

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import polynomial_kernel as sklearn_kernel

from creativity.measures import two_sample
from creativity.measures.two_sample import Discrepancy, discrepancy, interval


def distances(a, b):
    """Energy and kernel distance with what their intervals are made of."""
    sums = zip(two_sample.across(a, b), two_sample.within(a), two_sample.within(b), strict=True)
    return [discrepancy(*each) for each in sums]


def energy(a, b):
    return distances(a, b)[0].value


def kernel_distance(a, b):
    return distances(a, b)[1].value


def kernels(a, b):
    return [-cdist(a, b), sklearn_kernel(a, b, degree=3, gamma=1 / a.shape[1], coef0=1)]


def without_diagonal(matrix):
    return matrix - np.diag(np.diag(matrix))


@pytest.mark.parametrize("block", [7, 1024])
def test_the_sums_over_blocks_are_those_of_scipys_and_scikit_learns_matrices(rng, monkeypatch, block):
    monkeypatch.setattr(two_sample, "BLOCK", block)
    a, b = rng.normal(size=(31, 6)), rng.normal(size=(20, 6)) + 0.3
    pairs = [(two_sample.across(a, b), kernels(a, b)), (two_sample.within(a), map(without_diagonal, kernels(a, a)))]
    for found, matrices in pairs:
        for sums, matrix in zip(found, matrices, strict=True):
            assert sums.rows == pytest.approx(matrix.sum(axis=1))
            assert sums.columns == pytest.approx(matrix.sum(axis=0))
            assert sums.squares == pytest.approx(np.square(matrix).sum())


def test_the_kernel_distance_is_the_mean_over_pairs(rng):
    a, b = rng.normal(size=(15, 6)), rng.normal(size=(12, 6)) + 0.3

    def k(x, y):
        return (x @ y / 6 + 1) ** 3

    within = [np.mean([k(x, y) for i, x in enumerate(side) for j, y in enumerate(side) if i != j]) for side in (a, b)]
    assert kernel_distance(a, b) == pytest.approx(sum(within) - 2 * np.mean([k(x, y) for x in a for y in b]))


def test_the_kernel_distance_is_zero_on_average_for_one_law_and_grows_with_a_collapse(rng):
    values = [kernel_distance(rng.normal(size=(30, 4)), rng.normal(size=(40, 4))) for _ in range(200)]
    assert np.mean(values) == pytest.approx(0, abs=3 * np.std(values) / np.sqrt(200))
    reference = rng.normal(size=(100, 4))
    collapsed = np.ones((100, 4))
    assert kernel_distance(collapsed, reference) > 5 * np.std(values)
    assert kernel_distance(reference, reference) < 0.01  # a copier of the reference is not seen: it looks at no training set


def test_the_energy_distance_is_scipys_but_for_the_diagonals(rng):
    a, b = rng.normal(size=(40, 1)), rng.normal(size=(60, 1)) + 1
    biased = stats.energy_distance(a[:, 0], b[:, 0]) ** 2
    unbiased = biased - cdist(a, a).mean() / 39 - cdist(b, b).mean() / 59
    assert energy(a, b) == pytest.approx(unbiased)


def test_the_energy_distance_is_zero_on_average_for_one_distribution(rng):
    values = [energy(rng.normal(size=(20, 5)), rng.normal(size=(30, 5))) for _ in range(200)]
    assert np.mean(values) == pytest.approx(0, abs=3 * np.std(values) / np.sqrt(200))
    assert energy(rng.normal(size=(20, 5)) + 3, rng.normal(size=(30, 5))) > 1


def test_interactions_are_sums_over_centred_pairs(rng):
    a, b = rng.normal(size=(9, 3)), rng.normal(size=(7, 3))
    matrix, square = kernels(a, b)[0], without_diagonal(kernels(a, a)[0])
    rows, columns = matrix.mean(axis=1), matrix.mean(axis=0)
    centred = [(matrix[i, j] - rows[i] - columns[j] + matrix.mean()) ** 2 for i in range(9) for j in range(7)]
    assert two_sample.cross_interaction(two_sample.of_matrix(matrix)) == pytest.approx(sum(centred) / (8 * 6))
    means = square.sum(axis=1) / 8
    within = [(square[i, j] - means[i] - means[j] + means.mean()) ** 2 for i in range(9) for j in range(9) if i != j]
    assert two_sample.interaction(two_sample.of_matrix(square)) == pytest.approx(sum(within) / (9 * 6))


def test_chance_is_the_variance_for_one_law(rng):
    """500 pairs of sets of 25 and 40 images: the mean of `chance` is the variance of the values, within 20 %."""
    pairs = [distances(rng.normal(size=(25, 4)), rng.normal(size=(40, 4))) for _ in range(500)]
    for found in zip(*pairs, strict=True):
        spread = np.var([one.value for one in found])
        assert np.mean([one.chance for one in found]) == pytest.approx(spread, rel=0.2)


def test_the_influences_are_those_of_images_left_out(rng):
    """Without image i the mean over pairs within its set falls by 2 (r_i - A) / (n - 2), that across by (c_i - C) / (n - 1)."""
    a, b = rng.normal(size=(12, 3)), rng.normal(size=(9, 3)) + 0.5
    whole = distances(a, b)[0]
    within, across = without_diagonal(kernels(a, a)[0]), kernels(a, b)[0]
    left_out = np.array([distances(np.delete(a, i, axis=0), b)[0].value for i in range(12)])
    own, other = within.sum(axis=1) / 11, across.mean(axis=1)
    expected = whole.value - 2 * (own - own.mean()) / 10 + 2 * (other - other.mean()) / 11
    assert left_out == pytest.approx(expected)
    assert whole.by_generated == pytest.approx(2 * (own - other))


def test_the_interval_by_hand():
    """No first-order variance: +-1.96 sqrt(chance). Else c = 4 / 10, and 10 + 1.96^2 c / 2 -+ 1.96 sqrt(4 + 1.96^2 c^2 / 4)."""
    flat = np.zeros(4)
    assert interval(Discrepancy(0.5, flat, flat, 4.0)) == pytest.approx((0.5, 0.5 - 3.92, 0.5 + 3.92, 4), abs=1e-3)
    by_generated = np.array([-np.sqrt(12), np.sqrt(12), -np.sqrt(12), np.sqrt(12)])  # variance over n - 1: 16; over n: 4
    found = interval(Discrepancy(10.0, by_generated, flat, 0.0))
    assert found == pytest.approx((10, 10.7683 - 3.9948, 10.7683 + 3.9948, 4), abs=1e-3)
    shrunk = interval(Discrepancy(1.0, by_generated, flat, 1.0))  # at half of 2 sqrt(chance): c = 4 / 4 in place of 4
    assert shrunk.high == pytest.approx(1 + 3.8415 / 2 + 1.96 * np.sqrt(1 + 1 + 3.8415 / 4), abs=1e-3)
    assert shrunk.low == pytest.approx(1 - 1.96, abs=1e-3)


def test_the_interval_covers_a_shift(rng):
    """200 pairs of sets: E of the energy distance is known for normal laws in one dimension."""
    shift, covered = 1.0, 0
    folded = 2 * np.sqrt(2) * stats.norm.pdf(shift / np.sqrt(2)) + shift * (2 * stats.norm.cdf(shift / np.sqrt(2)) - 1)
    truth = 2 * folded - 4 / np.sqrt(np.pi)
    for _ in range(200):
        found = interval(distances(rng.normal(size=(50, 1)) + shift, rng.normal(size=(80, 1)))[0])
        covered += found.low <= truth <= found.high
    assert 178 <= covered <= 199
