import numpy as np
import pytest
from scipy import linalg, stats
from sklearn.metrics.pairwise import cosine_similarity

from creativity.measures import overlap, sets, two_sample


def test_the_vendi_score_counts_different_images(rng):
    assert sets.vendi_score(np.repeat(np.eye(5), 4, axis=0)).value == pytest.approx(5)
    assert sets.vendi_score(np.ones((9, 3))).value == pytest.approx(1)
    rows = rng.normal(size=(30, 6))
    eigenvalues = np.linalg.eigvalsh(cosine_similarity(rows) / 30)
    kept = eigenvalues[eigenvalues > 1e-12]
    assert sets.vendi_score(rows).value == pytest.approx(np.exp(-(kept * np.log(kept)).sum()))
    assert sets.vendi_score(rows[:1].repeat(30, axis=0)).value < sets.vendi_score(rows).value


def test_the_one_dimensional_wasserstein_distance_is_scipys(rng):
    a, b = rng.normal(size=(31, 4)), rng.normal(size=(50, 4)) + 0.5
    expected = [stats.wasserstein_distance(a[:, j], b[:, j]) for j in range(4)]
    assert sets.wasserstein(a, b)[0].tolist() == pytest.approx(expected)


def test_the_influences_on_the_wasserstein_distance_are_scipys_derivatives(rng):
    a, b, weight = rng.normal(size=13), rng.normal(size=9) + 0.4, 1e-7  # no common divisor: the distribution functions differ
    distances, influences = sets.wasserstein(a[:, None], b[:, None])
    for side, part in ((0, influences[:13, 0]), (1, influences[13:, 0])):
        derivatives = []
        for i in range(len(part)):
            weights = [np.full(13, 1 / 13), np.full(9, 1 / 9)]
            weights[side] = (1 - weight) * weights[side] + weight * (np.arange(len(part)) == i)
            derivatives.append((stats.wasserstein_distance(a, b, *weights) - distances[0]) / weight)
        assert part - part.mean() == pytest.approx(np.array(derivatives), abs=1e-5)


def test_the_sliced_distance_of_a_shift_is_the_mean_projection_of_it(rng):
    a = rng.normal(size=(200, 3))
    expected = 2 * 0.5  # E|u_1| of a unit vector in three dimensions is 1/2
    assert sets.sliced_wasserstein(a + np.array([2, 0, 0]), a).value == pytest.approx(expected, rel=0.1)
    assert sets.sliced_wasserstein(a, a).value == 0


def test_the_frechet_distance_by_its_definition(rng):
    a, b = rng.normal(size=(60, 8)) @ rng.normal(size=(8, 8)), rng.normal(size=(90, 8)) + 1
    ca, cb = np.cov(a.T), np.cov(b.T)
    root = np.real(linalg.sqrtm(ca @ cb))
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(ca + cb - 2 * root)
    assert sets.frechet(a, b).value == pytest.approx(expected)
    assert sets.frechet(a, a).value == pytest.approx(0, abs=1e-9)
    assert sets.frechet(a + 2, a).value == pytest.approx(8 * 4)


def test_the_frechet_distance_survives_fewer_images_than_dimensions(rng):
    a = rng.normal(size=(10, 30))
    assert sets.frechet(a, a).value == pytest.approx(0, abs=1e-9)


def perturbed(function, rows, i, weight=1e-6):
    """The derivative of a function of weighted rows as row i gains weight."""
    weights = np.full(len(rows), 1 / len(rows))
    more = (1 - weight) * weights + weight * (np.arange(len(rows)) == i)
    less = (1 + weight) * weights - weight * (np.arange(len(rows)) == i)
    return (function(rows, more) - function(rows, less)) / (2 * weight)


@pytest.mark.parametrize("d", [4, 40])
def test_the_interval_of_the_vendi_score_is_that_of_its_derivatives(rng, d):
    """Numerically, by the score of weighted rows; the standard error is over n - 1 - score in place of n."""
    rows = rng.normal(size=(25, d)) + 1

    def score(rows, weights):
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        shares = np.linalg.eigvalsh(unit.T @ (weights[:, None] * unit))
        kept = shares[shares > 1e-14]
        return np.exp(-(kept * np.log(kept)).sum())

    found = sets.vendi_score(rows)
    derivatives = np.array([perturbed(score, rows, i) for i in range(25)])
    error = np.std(derivatives, ddof=1) / np.sqrt(24 - found.value)
    assert found.high - found.value == pytest.approx(1.95996 * error, rel=1e-4)
    assert found.value - found.low == pytest.approx(1.95996 * error, rel=1e-4)


def test_the_interval_of_the_frechet_distance_is_that_of_its_derivatives(rng):
    a, b = rng.normal(size=(40, 4)) @ rng.normal(size=(4, 4)), rng.normal(size=(60, 4)) + 0.5

    def moments(rows, weights):
        mean = weights @ rows
        covariance = (weights[:, None] * (rows - mean)).T @ (rows - mean) * len(rows) / (len(rows) - 1)
        return mean, covariance

    def distance(one, other):
        (m, c), (k, e) = one, other
        return np.sum((m - k) ** 2) + np.trace(c + e) - 2 * np.trace(np.real(linalg.sqrtm(c @ e)))

    even = moments(a, np.full(40, 1 / 40)), moments(b, np.full(60, 1 / 60))
    of_a = np.array([perturbed(lambda rows, w: distance(moments(rows, w), even[1]), a, i, 1e-5) for i in range(40)])
    of_b = np.array([perturbed(lambda rows, w: distance(even[0], moments(rows, w)), b, i, 1e-5) for i in range(60)])
    error = np.sqrt(of_a.var(ddof=1) / 40 + of_b.var(ddof=1) / 60)
    found = sets.frechet(a, b)
    for ratio in (found.high / found.value, found.value / found.low):
        assert np.log(ratio) == pytest.approx(1.95996 * error / found.value, rel=0.03)  # n / (n - 1) of the covariances


@pytest.mark.parametrize(("n", "m", "d"), [(10, 30, 50), (30, 12, 8), (9, 9, 9)])
def test_neither_distance_minds_which_of_sets_and_dimensions_is_larger(rng, n, m, d):
    a, b = rng.normal(size=(n, d)), rng.normal(size=(m, d)) + 1
    ca, cb = np.cov(a.T), np.cov(b.T)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(ca @ cb).real, 0)).sum()
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(ca + cb) - 2 * roots
    assert sets.frechet(a, b).value == pytest.approx(expected, rel=1e-5)
    assert np.isfinite(sets.frechet(a, b)).all()
    assert np.isfinite(sets.vendi_score(a)).all()


def test_sets_without_any_variance_have_intervals_without_width():
    still = np.ones((12, 5))
    assert sets.frechet(still, still)[:3] == pytest.approx((0, 0, 0))
    assert sets.vendi_score(still)[:3] == pytest.approx((1, 1, 1))
    assert sets.sliced_wasserstein(still, still)[:3] == pytest.approx((0, 0, 0))


DIMENSIONS = 64
SCALE = np.sqrt(20 * np.arange(1.0, DIMENSIONS + 1) ** -1.5)  # standard deviations as those of faces in the space `pca`


def normal(rng, count):
    return rng.standard_normal((count, DIMENSIONS)) * SCALE


def clustered(rng, count):
    """Four clusters with tails heavier than normal ones."""
    centres = np.random.default_rng(5).standard_normal((4, DIMENSIONS)) * 1.5 * SCALE
    return centres[rng.integers(4, size=count)] + 0.6 * np.exp(0.4 * rng.standard_normal((count, 1))) * normal(rng, count)


def copied(rng, count):
    """60 images, with tiny noise."""
    return normal(np.random.default_rng(7), 60)[rng.integers(60, size=count)] + 0.01 * rng.standard_normal((count, DIMENSIONS))


LAWS = {
    "one law": (normal, normal),
    "one law in clusters": (clustered, clustered),
    "a little shifted": (lambda rng, count: normal(rng, count) + 0.3 * SCALE * (np.arange(DIMENSIONS) < 10), normal),
    "shifted": (lambda rng, count: normal(rng, count) + SCALE * (np.arange(DIMENSIONS) < 3), normal),
    "low rank": (lambda rng, count: normal(rng, count) * (np.arange(DIMENSIONS) < 6), normal),
    "shrunk": (lambda rng, count: 0.6 * normal(rng, count), normal),
    "copies": (copied, normal),
}
NAMES = ("precision", "recall", "density", "coverage", "energy", "kernel", "frechet", "vendi", "sliced")
TABLES = 400


def measured(a, b):
    sums = zip(two_sample.across(a, b), two_sample.within(a), two_sample.within(b), strict=True)
    distances = [two_sample.interval(two_sample.discrepancy(*each)) for each in sums]
    return [*overlap.shares(a, b), *distances, sets.frechet(a, b), sets.vendi_score(a), sets.sliced_wasserstein(a, b)]


@pytest.mark.long
@pytest.mark.parametrize("law", LAWS)
def test_the_intervals_of_sets_cover_the_mean_over_other_sets(rng, law):
    """400 pairs of 100 generated and 200 reference images; nominal .95, at least .92 but for 3 standard errors of .0136.

    Nor are they needlessly wide: on average at most 1.75 times as wide as the one interval of the true spread. Shares that are
    nearly always 1 have no such width.
    """
    generated, reference = LAWS[law]
    tables = np.array([[one[:3] for one in measured(generated(rng, 100), reference(rng, 200))] for _ in range(TABLES)])
    value, low, high = np.moveaxis(tables, 2, 0)
    truth, spread = value.mean(axis=0), value.std(axis=0)
    covered = dict(zip(NAMES, ((low <= truth) & (truth <= high)).mean(axis=0), strict=True))
    width = dict(zip(NAMES, (high - low).mean(axis=0) / np.maximum(2 * 1.96 * spread, 1e-9), strict=True))
    assert {name: share for name, share in covered.items() if share < 0.92 - 3 * np.sqrt(0.92 * 0.08 / TABLES)} == {}
    assert {name: width[name] for name, mean in zip(NAMES, truth, strict=True) if width[name] > 1.75 and not 0.99 < mean <= 1} == {}
