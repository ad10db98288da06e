import numpy as np
import pytest
from lawful import grid_of
from scipy.stats import kstest

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
