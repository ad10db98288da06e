import numpy as np
import pytest
from lawful import grid_of
from scipy.stats import kstest, norm

from creativity.laws import bayes, linear, table


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


def test_the_interval_of_a_variance_by_hand():
    """1, ..., 5 and -1, ..., -5: the mean is 0 with or without the ends, sum x^2 110, sum x^4 1958, kurtosis 10 * 1958 / 110^2."""
    values = np.concatenate([np.arange(1.0, 6), -np.arange(1.0, 6)])
    found, z = table.variance(values, values[:0]), norm.ppf(0.975)
    spread = z * np.sqrt((19580 / 12100 - 7 / 10) / 9)
    assert found.value == pytest.approx(110 / 9)
    assert (found.low, found.high) == pytest.approx(tuple(110 / 9 * 10 / (10 - z) * np.exp([-spread, spread])))


def test_the_laws_own_tails_make_the_interval_wide(rng):
    values, tails = rng.standard_normal(100), rng.standard_t(3, 5000)
    narrow, wide = table.variance(values, rng.standard_normal(5000)), table.variance(values, tails)
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)
    assert table.variance(np.ones(9), values) == (0, 0, 0, 9)


SHAPES = {
    "normal": (lambda rng, n: rng.standard_normal(n), 1.0),
    "uniform": (lambda rng, n: rng.random(n), 1 / 12),
    "two peaks": (lambda rng, n: rng.choice([-1, 1], n) + 0.3 * rng.standard_normal(n), 1.09),
    "exponential": (lambda rng, n: rng.exponential(size=n), 1.0),
    "t with 5 degrees": (lambda rng, n: rng.standard_t(5, n), 5 / 3),
    "a tenth of it three times as wide": (lambda rng, n: rng.standard_normal(n) * np.where(rng.random(n) < 0.1, 3, 1), 1.8),
}


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_the_interval_of_a_variance_covers_it_whatever_the_tails(rng, shape):
    """2,000 sets of 100 samples and as many draws of the law; nominal .95, at least .93 but for 3 standard errors of .0057."""
    draw, truth = SHAPES[shape]
    found = [table.variance(draw(rng, 100), draw(rng, 100)) for _ in range(2000)]
    assert np.mean([one.low <= truth <= one.high for one in found]) >= 0.93 - 3 * np.sqrt(0.93 * 0.07 / 2000)
