"""Does a sample look like the real images? Everything here looks at the reference."""

from typing import NamedTuple

import numpy as np

from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import ROWS, flatten, slices
from creativity.types import Flags, Pictures, Values

K = 5
RANGE = (0.025, 0.975)
SHARPNESS = (0.01, 0.99)  # shares of the reference between which a sharpness is that of a real image


class Ruler(NamedTuple):
    """The reference with its own, leave-one-out, ranges of what is measured."""

    reference: Pictures
    distance_range: tuple[float, float]
    energy_range: tuple[float, float]
    sharpness_range: tuple[float, float]


def fit_ruler(reference: Pictures) -> Ruler:
    """Ranges over the reference, each image against the others: 2.5 - 97.5 %, and 1 - 99 % of the sharpness."""
    rows = flatten(reference)
    distances = nearest(rows, rows, K, itself=True).distances[:, -1]
    energies = laplacian_energy(reference)
    return Ruler(reference, quantiles(distances), quantiles(energies), quantiles(energies, SHARPNESS))


def quantiles(values: Values, shares: tuple[float, float] = RANGE) -> tuple[float, float]:
    low, high = np.quantile(values, shares)
    return float(low), float(high)


def reference_distance(pictures: Pictures, ruler: Ruler) -> Values:
    """Distance in pixel space to the 5th nearest reference image."""
    return nearest(flatten(pictures), flatten(ruler.reference), K).distances[:, -1]


def laplacian_energy(pictures: Pictures) -> Values:
    """Mean square of the 4-neighbour Laplacian over inner pixels and channels: small for blur, large for noise."""
    energies = [np.zeros(0)]
    for rows in slices(len(pictures), ROWS):
        x = pictures[rows].astype(np.float64)
        around = x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] + x[..., 1:-1, 2:]
        energies.append(np.square(around - 4 * x[..., 1:-1, 1:-1]).mean(axis=(1, 2, 3)))
    return np.concatenate(energies)


def within_range(distance: Values, energy: Values, ruler: Ruler) -> Flags:
    """Both within the reference's own range: refuses blur and noise, but lets most linear-Gaussian draws pass."""
    low, high = ruler.distance_range
    smooth, rough = ruler.energy_range
    return (low <= distance) & (distance <= high) & (smooth <= energy) & (energy <= rough)


def as_sharp(energy: Values, ruler: Ruler) -> Flags:
    """Neither smoother nor rougher than nearly all of the reference: what is smooth is easy to denoise, and need not be real."""
    smooth, rough = ruler.sharpness_range
    return (smooth <= energy) & (energy <= rough)
