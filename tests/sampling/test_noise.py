import numpy as np
import pytest

from creativity.sampling.noise import karras_levels, starting_noise, step_noise


def test_noise_depends_on_seed_shape_and_number_alone():
    whole = starting_noise(3, range(10), (1, 4, 4))
    assert np.array_equal(whole[7:9], starting_noise(3, range(7, 9), (1, 4, 4)))
    assert not np.array_equal(whole, starting_noise(4, range(10), (1, 4, 4)))
    large = starting_noise(0, range(400), (1, 16, 16))
    assert abs(large.mean()) < 0.01
    assert large.std() == pytest.approx(1, abs=0.01)
    assert np.abs(np.corrcoef(large.reshape(400, -1)[:20]) - np.eye(20)).max() < 0.3


def test_the_schedule_is_that_of_karras():
    sigmas = karras_levels(18, 0.002, 80.0, 7.0)
    expected = [(80 ** (1 / 7) + i / 17 * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7 for i in range(18)] + [0]
    assert np.allclose(sigmas, expected, rtol=1e-12)


def test_the_noise_of_a_step_depends_on_seed_shape_number_and_step_alone_and_is_not_that_of_the_start():
    whole = step_noise(3, range(10), (1, 4, 4), 2)
    assert np.array_equal(whole[7:9], step_noise(3, range(7, 9), (1, 4, 4), 2))
    streams = [
        starting_noise(3, range(10), (1, 4, 4)),
        whole,
        step_noise(3, range(10), (1, 4, 4), 3),
        step_noise(4, range(10), (1, 4, 4), 2),
    ]
    flat = np.stack([stream.ravel() for stream in streams])
    assert np.abs(np.corrcoef(flat) - np.eye(4)).max() < 0.3
    assert len(np.unique(flat)) == flat.size
