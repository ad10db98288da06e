"""The data set `low-rank`: one Gaussian bump whose position, width and height vary.

The images lie on a curved manifold of four dimensions, which a bottleneck can represent.
"""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.data.synthetic import Field, source
from creativity.data.synthetic import count as count

GROUPS = REPEATS = False
BACKGROUND = -0.5


def load(dataset: Dataset) -> Source:
    """Draws -1/2 + height exp(-r^2 / (2 width^2)).

    The centre is uniform in the inner half of the image, the width in 0.1 - 0.2 image sides, the height in 0.5 - 1.3.
    """
    return source(dataset, 2, draw)


def draw(random: np.random.Generator, size: int) -> Field:
    row, col, width, height = random.uniform([0.25, 0.25, 0.1, 0.5], [0.75, 0.75, 0.2, 1.3])
    middle = (np.arange(size) + 0.5) / size
    square = np.square(middle - row)[:, None] + np.square(middle - col)
    return BACKGROUND + height * np.exp(-square / (2 * width**2))
