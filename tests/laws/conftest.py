"""Images and noises that the laws are asked about."""

import numpy as np
import pytest

from creativity.sampling.noise import starting_noise


@pytest.fixture
def images(faces):
    return faces[:40].reshape(40, -1).astype(np.float64)


@pytest.fixture
def noise():
    return starting_noise(0, range(48), (64,)).astype(np.float64)
