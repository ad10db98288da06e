"""The data set `moment-matched`: a discrete distribution with the moments of a Gaussian up to order 3.

Of the polynomial denoisers, only those of degree 3 or more distinguish it from that Gaussian.
"""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.data.synthetic import Field, source
from creativity.data.synthetic import count as count

GROUPS, REPEATS = False, True
MODES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (2, 2), (0, 3), (3, 0))
LARGEST = 0.1  # amplitude of the first mode, divided by the side of the image in pixels
RATIO = 1.5  # of consecutive modes' variances; above 1, so that the principal directions are unique


def load(dataset: Dataset) -> Source:
    """Draws sum_j s_j a_j b_j: ten cosine modes b_j of unit norm, variances a_j^2 of ratio 1.5, independent fair signs s_j = +-1.

    +-1 are the nodes of the two-point Gauss-Hermite rule, so s_j has the moments of N(0, 1) up to order 3. There are
    2^10 = 1024 different images.
    """
    return source(dataset, 5, draw)


def draw(random: np.random.Generator, size: int) -> Field:
    signs = random.integers(2, size=len(MODES)) * 2 - 1
    return np.tensordot(signs * amplitudes(size), modes(size), axes=1)


def amplitudes(size: int) -> np.ndarray:
    """a_j, the standard deviation along each mode: [10]."""
    return LARGEST * size * RATIO ** (-np.arange(len(MODES)) / 2)


def modes(size: int) -> np.ndarray:
    """The cosine modes (DCT-II), orthonormal: [10, size, size]."""
    angle = np.pi * (np.arange(size) + 0.5) / size
    waves = np.cos(np.arange(4)[:, None] * angle) * np.sqrt(np.where(np.arange(4) == 0, 1, 2) / size)[:, None]
    return np.stack([np.outer(waves[i], waves[j]) for i, j in MODES])
