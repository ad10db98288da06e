import numpy as np
import pytest
from prdc import compute_prdc
from scipy import linalg, stats
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.metrics.pairwise import polynomial_kernel as sklearn_kernel

from creativity.measures import sets


def kernel_distance(a, b):
    return sets.kernel_distance(*(sets.polynomial_kernel(*pair) for pair in ((a, b), (a, a), (b, b))))


def test_the_kernel_is_scikit_learns_and_the_distance_the_mean_over_pairs(rng):
    a, b = rng.normal(size=(15, 6)), rng.normal(size=(12, 6)) + 0.3
    assert sets.polynomial_kernel(a, b) == pytest.approx(sklearn_kernel(a, b, degree=3, gamma=1 / 6, coef0=1))

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


def test_the_vendi_score_counts_different_images(rng):
    assert sets.vendi_score(np.repeat(np.eye(5), 4, axis=0)) == pytest.approx(5)
    assert sets.vendi_score(np.ones((9, 3))) == pytest.approx(1)
    rows = rng.normal(size=(30, 6))
    eigenvalues = np.linalg.eigvalsh(cosine_similarity(rows) / 30)
    kept = eigenvalues[eigenvalues > 1e-12]
    assert sets.vendi_score(rows) == pytest.approx(np.exp(-(kept * np.log(kept)).sum()))
    assert sets.vendi_score(rows[:1].repeat(30, axis=0)) < sets.vendi_score(rows)


def test_overlap_agrees_with_the_public_package(rng):
    reference, made = rng.normal(size=(80, 6)), rng.normal(size=(60, 6)) * 0.8 + 0.3
    theirs = compute_prdc(real_features=reference, fake_features=made, nearest_k=5)
    mine = {name: part.mean() for name, part in sets.overlap(made, reference)._asdict().items()}
    assert mine == pytest.approx(theirs)


def test_which_side_is_generated_is_pinned_by_a_mode_collapse(rng):
    reference = np.concatenate([rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 20])
    collapsed = rng.normal(size=(60, 2))  # one of the two modes
    found = sets.overlap(collapsed, reference)
    assert found.precision.mean() > 0.9
    assert found.coverage.mean() < 0.6
    assert found.recall.mean() < 0.6
    assert found.density.mean() > 0.7


def test_the_one_dimensional_wasserstein_distance_is_scipys(rng):
    a, b = rng.normal(size=(31, 4)), rng.normal(size=(50, 4)) + 0.5
    expected = [stats.wasserstein_distance(a[:, j], b[:, j]) for j in range(4)]
    assert sets.wasserstein(a, b).tolist() == pytest.approx(expected)


def test_the_sliced_distance_of_a_shift_is_the_mean_projection_of_it(rng):
    a = rng.normal(size=(200, 3))
    expected = 2 * 0.5  # E|u_1| of a unit vector in three dimensions is 1/2
    assert sets.sliced_wasserstein(a + np.array([2, 0, 0]), a) == pytest.approx(expected, rel=0.1)
    assert sets.sliced_wasserstein(a, a) == 0


def energy(a, b):
    return sets.energy_distance(cdist(a, b), cdist(a, a), cdist(b, b))


def test_the_energy_distance_is_scipys_but_for_the_diagonals(rng):
    a, b = rng.normal(size=(40, 1)), rng.normal(size=(60, 1)) + 1
    biased = stats.energy_distance(a[:, 0], b[:, 0]) ** 2
    unbiased = biased - cdist(a, a).mean() / 39 - cdist(b, b).mean() / 59
    assert energy(a, b) == pytest.approx(unbiased)


def test_the_energy_distance_is_zero_on_average_for_one_distribution(rng):
    values = [energy(rng.normal(size=(20, 5)), rng.normal(size=(30, 5))) for _ in range(200)]
    assert np.mean(values) == pytest.approx(0, abs=3 * np.std(values) / np.sqrt(200))
    assert energy(rng.normal(size=(20, 5)) + 3, rng.normal(size=(30, 5))) > 1


def test_the_frechet_distance_by_its_definition(rng):
    a, b = rng.normal(size=(60, 8)) @ rng.normal(size=(8, 8)), rng.normal(size=(90, 8)) + 1
    ca, cb = np.cov(a.T), np.cov(b.T)
    root = np.real(linalg.sqrtm(ca @ cb))
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(ca + cb - 2 * root)
    assert sets.frechet(a, b) == pytest.approx(expected)
    assert sets.frechet(a, a) == pytest.approx(0, abs=1e-9)
    assert sets.frechet(a + 2, a) == pytest.approx(8 * 4)


def test_the_frechet_distance_survives_fewer_images_than_dimensions(rng):
    a = rng.normal(size=(10, 30))
    assert sets.frechet(a, a) == pytest.approx(0, abs=1e-9)
