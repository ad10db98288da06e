"""The polynomial denoisers against least squares by quadrature, and the moments that they cannot see beyond."""

from itertools import product
from math import factorial, prod

import numpy as np
import pytest
import torch
from descents import end, sigmas_of
from numpy.polynomial.hermite_e import hermegauss, hermevander
from scipy.stats import kstest
from sklearn.preprocessing import PolynomialFeatures

from creativity.denoisers import build
from creativity.denoisers.linear import LinearMmse
from creativity.denoisers.polynomial import PolynomialMmse, exponents
from creativity.denoisers.principal import principal
from creativity.families.linear import Linear
from creativity.families.polynomial import Polynomial
from creativity.sampling.draw import finite
from creativity.sampling.noise import starting_noise

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


def polynomial(degree, basis="coordinate"):
    return Polynomial(family="polynomial", degree=degree, basis=basis)


def at(sigma, count):
    return torch.full((count,), sigma, dtype=torch.float64)


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("degree", [1, 2, 3, 5])
def test_each_coordinate_is_fitted_by_least_squares(images, sigma, degree):
    """numpy's Gauss-Hermite nodes around every training image, and its least squares, one coordinate at a time."""
    nodes, weights = hermegauss(degree + 2)
    root = np.sqrt(np.tile(weights / weights.sum(), len(images)) / len(images))
    x = images[:5] + sigma * torch.randn(5, 1, 8, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    target = principal(images)
    clean, noisy = (((s.flatten(1) - target.mean) @ target.directions.T).numpy() for s in (images, x))
    expected = np.empty(noisy.shape)
    for j, variance in enumerate(target.variances.numpy()):
        scale = np.sqrt(variance + sigma**2)
        z = (clean[:, j][:, None] + sigma * nodes) / scale
        norms = np.sqrt([factorial(k) for k in range(degree + 1)])
        basis = hermevander(z.ravel(), degree) / norms
        fit = np.linalg.lstsq(basis * root[:, None], np.repeat(clean[:, j], len(nodes)) * root, rcond=None)[0]
        expected[:, j] = hermevander(noisy[:, j] / scale, degree) / norms @ fit
    found = build(polynomial(degree), images)(x, at(sigma, 5)).flatten(1)
    assert np.abs(((found - target.mean) @ target.directions.T).numpy() - expected).max() < 1e-8


@pytest.mark.parametrize("sigma", [0.02, 0.4, 3.0, 80.0])
@pytest.mark.parametrize("degree", [1, 2, 3])
def test_total_degree_is_fitted_by_least_squares(rng, sigma, degree):
    """scikit-learn's monomials of three coordinates at all products of Gauss-Hermite nodes around every image."""
    images = torch.from_numpy(rng.gamma(1.0, 0.3, (12, 1, 1, 3)) @ rng.normal(size=(3, 3)))
    nodes, weights = hermegauss(degree + 1)
    eps = np.array(list(product(nodes, repeat=3)))
    weight = np.array([prod(w) for w in product(weights / weights.sum(), repeat=3)])
    y = images.flatten(1).numpy()
    scale = np.sqrt(np.cov(y.T, bias=True).diagonal() + sigma**2)
    features = PolynomialFeatures(degree)
    mean = y.mean(axis=0)
    design = features.fit_transform(((y[:, None] + sigma * eps).reshape(-1, 3) - mean) / scale)
    root = np.sqrt(np.tile(weight, len(y)))[:, None]
    fit = np.linalg.lstsq(design * root, np.repeat(y, len(eps), axis=0) * root, rcond=None)[0]
    x = y[:7] + sigma * rng.normal(size=(7, 3))
    expected = features.transform((x - mean) / scale) @ fit
    found = build(polynomial(degree, "total"), images)(torch.from_numpy(x.reshape(7, 1, 1, 3)), at(sigma, 7))
    assert np.abs(found.flatten(1).numpy() - expected).max() < 1e-7


def test_the_exponents_are_those_of_scikit_learn():
    for variables, degree in ((1, 4), (3, 3), (16, 2), (16, 3)):
        expected = PolynomialFeatures(degree).fit(np.zeros((1, variables))).powers_
        assert sorted(map(tuple, exponents(variables, degree).tolist())) == sorted(map(tuple, expected.tolist()))


@pytest.mark.parametrize("sigma", SIGMAS)
def test_degree_1_is_the_linear_denoiser(images, sigma):
    x, s = images[:6] + sigma, at(sigma, 6)
    expected = build(Linear(family="linear"), images)(x, s)
    assert torch.allclose(build(polynomial(1), images)(x, s), expected, atol=1e-11, rtol=0)
    few = images[:, :, :4, :4]
    expected = build(Linear(family="linear"), few)(x[:, :, :4, :4], s)
    assert torch.allclose(build(polynomial(1, "total"), few)(x[:, :, :4, :4], s), expected, atol=1e-11, rtol=0)


def test_the_loss_falls_with_the_degree(images):
    y = images.repeat(1000, 1, 1, 1)
    x = y + 0.5 * torch.randn(y.shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    losses = [float((build(polynomial(k), images)(x, at(0.5, len(x))) - y).square().mean()) for k in (1, 2, 3, 5)]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.999 * losses[0]


def one_dimensional(values):
    return torch.as_tensor(values, dtype=torch.float64).reshape(-1, 1, 1, 1)


def gauss_hermite(m):
    """The discrete target of m nodes that has the moments of N(0, 1) up to order 2 m - 1."""
    nodes, weights = hermegauss(m)
    return one_dimensional(nodes), torch.from_numpy(weights / weights.sum())


def start(count=2000):
    return torch.from_numpy(starting_noise(0, range(count), (1, 1, 1))).double() * 80


@pytest.mark.parametrize("sampler", ["heun", "euler"])
@pytest.mark.parametrize("m", [2, 3, 4])
def test_a_discrete_target_is_taken_for_a_gaussian_up_to_degree_2m_2_and_not_beyond(m, sampler):
    nodes, weights = gauss_hermite(m)
    sigmas = sigmas_of(60)
    gaussian = end(LinearMmse(principal(nodes, weights)), start(), sigmas, sampler)
    for degree in range(1, 2 * m - 1):
        found = end(PolynomialMmse(polynomial(degree), nodes, weights), start(), sigmas, sampler)
        assert (found - gaussian).abs().max() < 1e-6
        spread = found.flatten() / gaussian.std()  # a finite grid gives a Gaussian of a slightly different width
        assert kstest(spread.numpy(), "norm").pvalue > 0.01
    beyond = end(PolynomialMmse(polynomial(2 * m - 1), nodes, weights), start(), sigmas, sampler)
    assert (beyond - gaussian).abs().nanmedian() > 0.01


def test_a_symmetric_target_gives_degree_2_the_samples_of_degree_1(images):
    symmetric = torch.cat([images, -images])
    x = torch.from_numpy(starting_noise(0, range(32), (1, 8, 8))).double() * 80
    sigmas = sigmas_of(20)
    one, two, skewed = (end(build(polynomial(k), y), x, sigmas) for k, y in ((1, symmetric), (2, symmetric), (2, images)))
    assert (one - two).abs().max() < 1e-8
    assert (end(build(polynomial(1), images), x, sigmas) - skewed).abs().max() > 0.01


def test_only_the_moments_up_to_twice_the_degree_count():
    """Two targets of seven points with equal power sums up to order 4, being the roots of polynomials that differ in the last two
    coefficients alone: degree 2 takes them for one, degree 3 does not."""
    one = np.array([-2.0, -1.0, -0.5, 0.3, 0.7, 1.0, 1.5])
    other = np.roots(np.add(np.poly(one), [0, 0, 0, 0, 0, 0, -0.01, 0.02]))
    assert np.isreal(other).all()
    for order in (1, 2, 3, 4):
        assert np.mean(one**order) == pytest.approx(np.mean(other.real**order), abs=1e-12)
    sigmas, apart = sigmas_of(40), []
    for degree in (1, 2, 3):
        found = [end(build(polynomial(degree), one_dimensional(y)), start(), sigmas) for y in (one, other.real)]
        apart.append(float((found[0] - found[1]).abs().nanmedian()))
    assert max(apart[:2]) < 1e-8
    assert apart[2] > 1e-4


def test_samples_that_run_away_are_not_clipped():
    skewed = one_dimensional([0.0] * 9 + [1.0])
    found = end(build(polynomial(2), skewed), start(), sigmas_of(40))
    assert 0.002 < 1 - finite(found).double().mean() < 0.05
    assert found[finite(found)].abs().max() > 1e6


def test_repeated_and_few_images_are_no_obstacle(images):
    x, s = images[:4] + 0.3, at(0.3, 4)
    for y in (images[:1], images[:1].repeat(3, 1, 1, 1), images[:2]):
        for degree in (1, 3):
            assert build(polynomial(degree), y)(x, s).isfinite().all()
    assert torch.allclose(build(polynomial(3), images[:1])(x, s), images[:1].expand(4, -1, -1, -1), atol=1e-12)
