"""A stationary Gaussian field: mean and covariance say all of it, so it is the linear denoiser's own target."""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.data.synthetic import Field, gaussian, source
from creativity.data.synthetic import count as count

GROUPS = REPEATS = False
DEVIATION = 0.25


def load(dataset: Dataset) -> Source:
    """Draws x = F^-1 (sqrt(S) F eps) on the torus, standard deviation 1/4, so that only 6 of 10^5 values leave -1..1."""
    return source(dataset, 1, draw)


def draw(random: np.random.Generator, size: int) -> Field:
    return gaussian(random, size, DEVIATION)
