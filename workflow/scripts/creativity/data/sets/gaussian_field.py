"""The data set `gaussian-field`: draws of a stationary Gaussian random field.

Its distribution is determined by mean and covariance, which is what a linear denoiser can learn.
"""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.data.synthetic import Field, gaussian, source
from creativity.data.synthetic import count as count

GROUPS = REPEATS = False
DEVIATION = 0.25


def load(dataset: Dataset) -> Source:
    """Draws x = F^-1 (sqrt(S) F eps) on the torus; with standard deviation 1/4, only 6 of 10^5 values are outside -1..1."""
    return source(dataset, 1, draw)


def draw(random: np.random.Generator, size: int) -> Field:
    return gaussian(random, size, DEVIATION)
