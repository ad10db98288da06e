"""The law of polynomial denoisers against samples that the real samplers draw, in float64, with denoisers from raw moments."""

from math import comb

import numpy as np
import pytest
from lawful import SAMPLER_NAMES, grid_of, sampled
from scipy.stats import kstest, norm

from creativity.laws import linear, polynomial, table
from creativity.laws.law import flow, unit_noise


def by_moments(target, degree):
    """The best polynomial of one coordinate from the normal equations in raw moments: sum_b E[x^(a+b)] c_b = E[y x^a]."""
    normal = [norm.moment(k) for k in range(2 * degree + 1)]

    def denoise(x, sigma):
        def mixed(k, extra):  # E[y^extra (y + sigma eps)^k]
            return sum(comb(k, i) * np.mean(target ** (i + extra)) * sigma ** (k - i) * normal[k - i] for i in range(k + 1))

        matrix = [[mixed(a + b, 0) for b in range(degree + 1)] for a in range(degree + 1)]
        coefficients = np.linalg.solve(matrix, [mixed(a, 1) for a in range(degree + 1)])
        return sum(c * x**k for k, c in enumerate(coefficients))

    return denoise


SKEWED = np.array([-0.9, -0.5, -0.4, -0.1, 0.0, 0.3, 0.6, 1.4])[:, None]


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
@pytest.mark.parametrize("degree", [1, 2, 3])
def test_every_polynomial_sample_is_the_one_its_noise_must_give(sampler, degree):
    grid = grid_of(sampler, 20)
    law = polynomial.law({"degree": degree}, SKEWED, grid)
    start = unit_noise(1, 500, 1)
    found, expected = sampled(by_moments(SKEWED, degree), start, grid), law.predict(start)
    finite = np.isfinite(found[:, 0]) & (np.abs(start[:, 0]) < 3)
    assert finite.sum() > 450
    assert np.abs(found - expected)[finite].max() < 1e-6


def test_samples_have_the_quantile_function_of_the_law_where_the_map_is_monotone():
    grid = grid_of("heun", 20)
    law = polynomial.law({"degree": 3}, SKEWED, grid)
    assert law.monotone.all()
    found = sampled(by_moments(SKEWED, 3), unit_noise(0, 100_000, 1), grid)
    assert kstest(law.cdf(found)[:, 0], "uniform").pvalue > 0.01
    gaussian = linear.law({}, SKEWED, grid)
    levels = norm.cdf(found[:, 0], gaussian.mean[0], np.sqrt(gaussian.variances[0]))
    assert kstest(levels, "uniform").pvalue < 1e-6  # degree 3 is not the linear law, and the test sees it
    assert found.var() == pytest.approx(law.variances[0], rel=0.02)
    assert found.mean() == pytest.approx(law.mean[0], abs=0.01)


@pytest.mark.parametrize("m", [2, 3, 4])
def test_a_target_with_a_gaussians_moments_has_its_law_up_to_degree_2m_minus_2(m):
    nodes, weights = np.polynomial.hermite_e.hermegauss(m)
    grid, start = grid_of("heun", 20), np.linspace(-2, 2, 41)[:, None]
    degrees = {degree: weighted_law(nodes, weights / weights.sum(), degree, grid) for degree in range(1, 2 * m)}
    expected = start[:, 0] * 80 * linear.factors(np.ones(1), grid)
    for degree in range(1, 2 * m - 1):
        assert np.abs(degrees[degree](80 * start)[:, 0] - expected).max() < 1e-6
    assert np.abs(degrees[2 * m - 1](80 * start)[:, 0] - expected).max() > 1e-2


def weighted_law(nodes, shares, degree, grid):
    """The law's map for a discrete target of mean 0 and variance 1 with unequal shares."""
    found = polynomial.fit(nodes[:, None], degree, grid, shares)
    return lambda a: flow(lambda a, i: polynomial.evaluate(found[i], a / polynomial.scale(np.ones(1), grid.sigmas[i])), a, grid)


def test_a_map_that_is_not_monotone_is_said_and_has_no_quantile_function():
    lopsided = np.array([0.0] * 9 + [1.0])[:, None]
    law = polynomial.law({"degree": 2}, lopsided, grid_of("heun", 20))
    assert not law.monotone.any()
    assert np.isnan(law.cdf(np.zeros((3, 1)))).all()
    assert np.isnan(law.variances).all()
    found = table.rows("polynomial", law, law.predict(unit_noise(3, 50, 1)), unit_noise(3, 50, 1), 0)
    values = {row[1]: row[4] for row in found}
    assert values["monotone"] == 0
    assert values["error_max"] == 0
    assert np.isfinite(values["variance"])
    assert "kolmogorov_smirnov" not in values
