import numpy as np
import pytest

from creativity.sampling.draw import karras_sigmas
from creativity.sampling.noise import starting_noise


def test_noise_depends_on_seed_shape_and_number_alone():
    whole = starting_noise(3, range(10), (1, 4, 4))
    assert np.array_equal(whole[7:9], starting_noise(3, range(7, 9), (1, 4, 4)))
    assert not np.array_equal(whole, starting_noise(4, range(10), (1, 4, 4)))
    large = starting_noise(0, range(400), (1, 16, 16))
    assert abs(large.mean()) < 0.01
    assert large.std() == pytest.approx(1, abs=0.01)
    assert np.abs(np.corrcoef(large.reshape(400, -1)[:20]) - np.eye(20)).max() < 0.3


def test_the_schedule_is_that_of_karras():
    sigmas = karras_sigmas(18, 0.002, 80.0, 7.0).numpy()
    expected = [(80 ** (1 / 7) + i / 17 * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7 for i in range(18)] + [0]
    assert np.allclose(sigmas, expected, rtol=1e-12)
