"""The data set `templates`: five fixed images, each equally likely.

Its distribution is that of the unrestricted denoiser `bayes`, which copies its training images.
"""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.data.synthetic import Field, gaussian, source
from creativity.data.synthetic import count as count
from creativity.sampling.noise import generator

GROUPS, REPEATS = False, True
TEMPLATES = 5
DEVIATION = 0.25


def load(dataset: Dataset) -> Source:
    """Draws one of five fixed draws of a Gaussian random field, uniformly."""
    return source(dataset, 4, draw)


def draw(random: np.random.Generator, size: int) -> Field:
    return gaussian(generator(4, int(random.integers(TEMPLATES))), size, DEVIATION)
