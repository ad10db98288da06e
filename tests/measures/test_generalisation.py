"""C_T and the likelihood divergence: by brute force, scikit-learn, and their direction."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from sklearn.mixture import GaussianMixture

from creativity.measures import generalisation
from creativity.measures.generalisation import copying_test, feature_likelihood, fit_variances, negative_log_likelihood


def sides(rng, count=200, d=4):
    """Train, reference and fresh draws of one mixture of two normals."""
    return [rng.normal(size=(count, d)) + 4 * rng.integers(2, size=(count, 1)) for _ in range(3)]


def made_up(rng, train, fresh):
    return {
        "fresh": fresh,
        "copier": train + 1e-3 * rng.normal(size=train.shape),
        "blurred": train.mean(axis=0) + 0.3 * (fresh - train.mean(axis=0)),
        "collapsed": fresh[[0]] + 0.05 * rng.normal(size=fresh.shape),
        "far": fresh + 3 * rng.normal(size=fresh.shape),
    }


def test_the_copying_test_of_one_cell_by_counting(rng, monkeypatch):
    monkeypatch.setattr(generalisation, "CELLS", 1)
    train, real, made = rng.normal(size=(40, 2)), rng.normal(size=(30, 2)), 1.3 * rng.normal(size=(25, 2))
    a, b = cdist(made, train).min(axis=1), cdist(real, train).min(axis=1)
    u = sum((x > y) + (x == y) / 2 for x in a for y in b)
    expected = (u - (30 * 25 / 2 - 0.5)) / np.sqrt(30 * 25 * (30 + 25 + 1) / 12)
    found = copying_test(made, real, train)
    assert found.value == pytest.approx(expected)
    assert (found.high - found.low) / 2 == pytest.approx(1.96, abs=0.001)


def test_copies_lie_below_and_underfitting_above_zero(rng):
    train, real, fresh = sides(rng)
    found = {name: copying_test(made, real, train) for name, made in made_up(rng, train, fresh).items()}
    assert found["copier"].high < -5
    assert found["far"].low > 5
    assert found["fresh"].low < 0 < found["fresh"].high


def test_the_copying_test_is_standard_normal_for_fresh_draws(rng):
    """60 repetitions: the mean of C_T over its stated standard deviation is 0, its spread 1 (k-means cells, 120 images a side)."""
    scores = []
    for _ in range(60):
        found = copying_test(*(rng.normal(size=(120, 3)) for _ in range(3)))
        scores.append(found.value / ((found.high - found.value) / 1.96))
    assert np.mean(scores) == pytest.approx(0, abs=0.45)
    assert np.std(scores) == pytest.approx(1, abs=0.3)


def test_a_cell_without_enough_images_is_left_out(rng):
    train, real, fresh = sides(rng)
    assert np.isnan(copying_test(fresh[:5], real, train).value)
    one_mode = fresh[fresh.mean(axis=1) > 2]
    assert np.isfinite(copying_test(one_mode, real, train).value)


def test_the_mixtures_likelihood_is_scikit_learns(rng):
    means, points = rng.normal(size=(7, 3)), rng.normal(size=(20, 3))
    variances = rng.uniform(0.2, 2, size=7)
    mixture = GaussianMixture(7, covariance_type="spherical")
    mixture.weights_, mixture.means_, mixture.precisions_cholesky_ = np.full(7, 1 / 7), means, 1 / np.sqrt(variances)
    assert negative_log_likelihood(points, means, variances) == pytest.approx(-mixture.score_samples(points) / 3)


def test_the_fitted_variances_are_the_likeliest(rng):
    """Against scipy's general minimiser of the same objective, the broad component included."""
    means, points = rng.normal(size=(12, 3)), rng.normal(size=(60, 3))
    squares = np.square(cdist(points, means))
    broad = 0.81 * np.square(points - points.mean(axis=0)).sum(axis=1, keepdims=True)

    def objective(log_variances):
        logs = generalisation.log_normal(np.concatenate([squares, broad], axis=1), np.exp(log_variances), 3)
        logs[:, :-1] -= np.log(12)
        return -logsumexp(logs, axis=1).mean()

    found = fit_variances(means, points)
    started = np.append(np.log((squares.min(axis=0) + 1e-3) / 3), 0.0)
    best = minimize(objective, started, method="L-BFGS-B", options={"maxiter": 2000, "maxfun": 10**6})
    broad_variance = minimize(lambda last: objective(np.append(np.log(found), last)), [0.0]).x
    assert objective(np.append(np.log(found), broad_variance)) <= best.fun + 0.01


def test_the_likelihood_knows_copies_collapse_and_fresh_draws_apart(rng):
    train, real, fresh = sides(rng)
    found = {name: feature_likelihood(made, real, train) for name, made in made_up(rng, train, fresh).items()}
    value = {name: each.divergence.value for name, each in found.items()}
    assert abs(value["fresh"]) < 15
    assert min(value["copier"], value["collapsed"], value["far"]) > value["fresh"] + 20
    gap = {name: each.gap for name, each in found.items()}
    assert gap["copier"].high < -100
    assert gap["fresh"].low > -30
    assert gap["fresh"].value > gap["copier"].value
