"""Laws against samples that the real samplers draw, in float64, with denoisers written apart from them."""

import dataclasses
from math import comb

import numpy as np
import pytest
import torch
from scipy.stats import kstest, norm

from creativity import laws
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.bottleneck import Bottleneck
from creativity.families.linear import Linear
from creativity.families.polynomial import Polynomial
from creativity.laws import bayes, bottleneck, linear, polynomial, rank, table
from creativity.laws.law import Grid, flow, unit_noise
from creativity.sampling.draw import SAMPLERS, karras_sigmas
from creativity.sampling.noise import starting_noise

SAMPLER_NAMES = ("heun", "euler")


def grid_of(sampler="heun", steps=12):
    return Grid(karras_sigmas(steps, 0.002, 80.0, 7.0).numpy(), sampler)


def sampled(denoise, noise, grid):
    """What the real sampler makes of unit noise [n, d] with a denoiser of rows."""

    def four_axes(x, sigma):
        return denoise(x.flatten(1), float(sigma[0])).reshape(x.shape)

    x = torch.from_numpy(noise * grid.sigmas[0])[:, None, None]
    return SAMPLERS[grid.sampler](four_axes, x, torch.from_numpy(grid.sigmas)).flatten(1).numpy()


@pytest.fixture
def images(faces):
    return faces[:40].reshape(40, -1).astype(np.float64)


@pytest.fixture
def noise():
    return starting_noise(0, range(48), (64,)).astype(np.float64)


def rank_k(images, k):
    """The best affine denoiser of rank k, from a dense eigendecomposition."""
    values, vectors = np.linalg.eigh(np.cov(images.T, bias=True))
    top = torch.from_numpy(vectors[:, ::-1][:, :k].copy())
    variances, mean = torch.from_numpy(values[::-1][:k].copy()), torch.from_numpy(images.mean(axis=0))
    return lambda x, sigma: mean + (x - mean) @ top * (variances / (variances + sigma**2)) @ top.T


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_every_linear_sample_is_the_one_its_noise_must_give(images, noise, sampler):
    grid = grid_of(sampler)
    denoiser = build(Linear(family="linear"), torch.from_numpy(images.reshape(-1, 1, 8, 8)))
    found = SAMPLERS[sampler](denoiser, torch.from_numpy(noise * 80).reshape(-1, 1, 8, 8), torch.from_numpy(grid.sigmas))
    assert np.abs(found.flatten(1).numpy() - linear.law({}, images, grid).predict(noise)).max() < 1e-6


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_every_sample_of_rank_k_is_the_one_its_noise_must_give_and_flat_outside(images, noise, sampler):
    grid = grid_of(sampler)
    law = rank.law({"dim": 5}, images, grid)
    found = sampled(rank_k(images, 5), noise, grid)
    assert np.abs(found - law.predict(noise)).max() < 1e-6
    assert table.outside(law, found).value < 1e-20


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_mean_and_covariance_are_those_of_all_noises(images, sampler):
    law = linear.law({}, images, grid_of(sampler))
    basis = np.concatenate([np.zeros((1, 64)), np.eye(64)])
    x0, *moved = law.predict(basis)  # the law is affine in the noise: its covariance is the sum over the unit vectors
    jacobian = np.stack(moved) - x0
    assert np.abs(law.mean - x0).max() < 1e-9
    assert np.abs(jacobian.T @ jacobian - law.directions.T * law.variances @ law.directions).max() < 1e-9


def test_a_finer_grid_tends_to_the_exact_factor():
    variances = np.array([1e-3, 0.25, 4.0])
    exact = np.sqrt(variances / (variances + 80**2))
    for sampler, tolerance in (("euler", 0.03), ("heun", 2e-3)):
        assert linear.factors(variances, grid_of(sampler, 400)) == pytest.approx(exact, rel=tolerance)
    assert linear.factors(np.zeros(1), grid_of()) == 0


def conditional(codes, images):
    """E[y | W x] by softmax over brute-force distances; W takes the first coordinates."""
    codes, images = torch.from_numpy(codes), torch.from_numpy(images)

    def denoise(x, sigma):
        distances = (x[:, None, : codes.shape[1]] - codes).square().sum(dim=2)
        return torch.softmax(-distances / (2 * sigma**2), dim=1) @ images

    return denoise


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_a_bottleneck_of_two_numbers_gives_the_training_image_that_its_two_numbers_flow_to(images, noise, sampler):
    grid, encoder = grid_of(sampler, 20), np.eye(64)[:2]
    law = bottleneck.projected(encoder, images, grid)
    found = sampled(conditional(images[:, :2], images), noise, grid)
    assert np.abs(found - law.predict(noise)).max() < 1e-6
    assert (np.linalg.norm(found[:, None] - images, axis=2).min(axis=1) < 1e-3).mean() >= 0.95


def test_images_with_one_projection_are_merged_into_their_mean(images):
    images[1, :2] = images[0, :2]
    codes, means, shares = bottleneck.conditional_means(np.eye(64)[:2], images)
    merged = shares == 2 / 40
    assert merged.sum() == 1
    assert means[merged][0] == pytest.approx(images[:2].mean(axis=0))
    assert codes[merged][0] == pytest.approx(images[0, :2])
    assert sorted(shares) == [1 / 40] * 38 + [2 / 40]


def test_a_gaussian_behind_a_bottleneck_has_the_covariance_of_its_conditional_mean(rng):
    root = rng.standard_normal((4, 4))
    covariance, mean = root @ root.T, rng.standard_normal(4)
    encoder = np.linalg.qr(rng.standard_normal((4, 2)))[0].T
    gain = torch.from_numpy(covariance @ encoder.T)
    inner, middle = torch.from_numpy(encoder @ covariance @ encoder.T), torch.from_numpy(mean)
    w = torch.from_numpy(encoder)

    def denoise(x, sigma):  # E[y | W x]: regression of y on W x
        return middle + (x - middle) @ w.T @ torch.linalg.inv(inner + sigma**2 * torch.eye(2)) @ gain.T

    start = np.concatenate([np.zeros((1, 4)), np.eye(4)])
    x0, *moved = sampled(denoise, start, grid_of("heun", 400))
    jacobian = np.stack(moved) - x0
    found_mean, found = bottleneck.gaussian(encoder, mean, covariance)
    assert found_mean == pytest.approx(mean)
    assert np.linalg.matrix_rank(found, tol=1e-9) == 2
    assert jacobian.T @ jacobian == pytest.approx(found, abs=0.01 * np.trace(covariance))


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
def test_every_sample_of_the_posterior_mean_is_the_one_its_noise_must_give(images, noise, sampler):
    grid = grid_of(sampler, 20)
    denoiser = build(Bayes(family="bayes"), torch.from_numpy(images.reshape(-1, 1, 8, 8)))
    found = SAMPLERS[sampler](denoiser, torch.from_numpy(noise * 80).reshape(-1, 1, 8, 8), torch.from_numpy(grid.sigmas))
    assert np.abs(found.flatten(1).numpy() - bayes.law({}, images, grid).predict(noise)).max() < 1e-6


def test_counts_of_uniform_draws_fit_the_law_and_those_of_a_collapsed_set_do_not(images):
    law = bayes.law({}, images, grid_of())
    assert law.shares == pytest.approx(np.full(40, 1 / 40))
    fits = [bayes.multinomial_test(law.fresh(seed, 60), law.images, law.shares).p for seed in range(60)]
    assert kstest(fits, "uniform").pvalue > 0.01
    collapsed = bayes.multinomial_test(np.repeat(images[:10], 6, axis=0), law.images, law.shares)
    assert collapsed.p == 0.001
    assert collapsed.statistic == pytest.approx(10 * (6 - 1.5) ** 2 / 1.5 + 30 * 1.5)


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


def test_the_permutation_test_is_level_and_has_power(rng):
    null = [table.permutation_test(rng.standard_normal((15, 3)), rng.standard_normal((15, 3)))[1] for _ in range(60)]
    assert kstest(null, "uniform").pvalue > 0.01
    a = rng.standard_normal((40, 3))
    assert table.permutation_test(a, a + 2)[1] == 0.001


def test_the_table_sees_samples_of_another_class(images, noise):
    grid = grid_of()
    law = linear.law({}, images, grid)
    right = {(row[1], row[2]): row for row in table.rows("linear", law, law.predict(noise), noise, 0)}
    others = bayes.law({}, images, grid).predict(noise)
    wrong = {(row[1], row[2]): row for row in table.rows("linear", law, others, noise, 0)}
    wide = {(row[1], row[2]): row for row in table.rows("linear", law, 1.5 * law.predict(noise), noise, 0)}
    assert right["error_max", None][4] < 1e-9
    assert right["determination", None][4] == pytest.approx(1)
    assert right["energy_distance", None][7] > 0.01
    assert wrong["error", None][4] > 1
    assert wrong["determination", None][4] < 0.9
    assert wide["energy_distance", None][7] == 0.001
    held = [right["variance", j][5] < right["variance", j][3] < right["variance", j][6] for j in range(39)]
    assert np.mean(held) > 0.8
    assert table.rows("linear", law, images[:0], noise[:0], 0) == []


def test_samples_that_escape_are_counted_and_left_out(images, noise):
    law = linear.law({}, images, grid_of())
    samples = law.predict(noise)
    samples[3, 5], samples[7, 0] = np.inf, -1e30
    found = {row[1]: row for row in table.rows("linear", law, samples, noise, 0)}
    assert found["escaped"][4] == 2 / 48
    assert found["error"][-1] == 46


@pytest.mark.parametrize("config", [Bayes(family="bayes"), Linear(family="linear")])
def test_every_law_that_a_family_names_is_there(config, images):
    for name in laws.names(dataclasses.asdict(config)):
        assert laws.build(name, dataclasses.asdict(config), images, grid_of()).mean.shape == (64,)


@pytest.mark.parametrize("sampler", SAMPLER_NAMES)
@pytest.mark.parametrize(
    "config",
    [
        Polynomial(family="polynomial", degree=3),
        Bottleneck(family="bottleneck", dim=3, decoder="linear"),
        Bottleneck(family="bottleneck", dim=2, decoder="bayes"),
    ],
)
def test_every_sample_of_a_closed_form_is_the_one_that_the_law_of_its_class_gives(images, noise, config, sampler):
    grid, settings = grid_of(sampler, 20), dataclasses.asdict(config)
    (name,) = laws.names(settings)
    denoiser = build(config, torch.from_numpy(images.reshape(-1, 1, 8, 8)))
    found = SAMPLERS[sampler](denoiser, torch.from_numpy(noise * 80).reshape(-1, 1, 8, 8), torch.from_numpy(grid.sigmas))
    assert np.abs(found.flatten(1).numpy() - laws.build(name, settings, images, grid).predict(noise)).max() < 1e-6
