"""The data set `texture`: a stationary binary texture in which pixels more than one pixel apart are independent.

A local denoiser with a small patch can represent its distribution.
"""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.data.synthetic import Field, source
from creativity.data.synthetic import count as count

GROUPS = REPEATS = False
LEVEL = 0.5


def load(dataset: Dataset) -> Source:
    """Draws sign(sum of white noise over 2 x 2 pixels) / 2 on the torus; adjacent pixels agree with probability 2/3."""
    return source(dataset, 3, draw)


def draw(random: np.random.Generator, size: int) -> Field:
    noise = random.standard_normal((size, size))
    rows = noise + np.roll(noise, 1, axis=0)
    return np.where(rows + np.roll(rows, 1, axis=1) > 0, LEVEL, -LEVEL)
