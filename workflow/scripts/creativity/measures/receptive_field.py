"""How far an output pixel sees: the energy of its Jacobian within squares about it."""

from typing import Any

import numpy as np

from creativity import store
from creativity.measures import intervals
from creativity.types import Grid, Values

RECEPTIVE_FIELD = {"sigma": store.REAL, "side": store.LONG}
RECEPTIVE_FIELD |= dict.fromkeys(("share", "low", "high"), store.REAL) | {"count": store.LONG}


def within(energy: Grid, side: int) -> Values:
    """Share of each image's energy in the square of odd side about the pixel (h // 2, w // 2), cut by the border: [n].

    NaN where there is no energy at all.
    """
    height, width = energy.shape[1:]
    away = np.maximum(np.abs(np.arange(height) - height // 2)[:, None], np.abs(np.arange(width) - width // 2))
    total = energy.sum(axis=(1, 2))
    inside = (energy * (2 * away + 1 <= side)).sum(axis=(1, 2))
    return np.divide(inside, total, out=np.full(len(total), np.nan), where=total > 0)


def rows(energy: Grid, sigma: float) -> list[tuple[Any, ...]]:
    """Rows of RECEPTIVE_FIELD at one noise level: the median share over the images, for every odd side up to the whole image."""
    reach = max(energy.shape[1:]) // 2
    return [(sigma, side, *intervals.median(within(energy, side))) for side in range(1, 2 * reach + 2, 2)]
