"""Does a sample look like the real images? Everything here looks at the reference."""

from typing import NamedTuple

import numpy as np

from creativity.measures.classes import COPY, MOSAIC, NOVEL_REAL, NOVEL_UNREAL
from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import flatten
from creativity.types import Flags, Pictures, Values

K = 5
RANGE = (0.025, 0.975)


class Ruler(NamedTuple):
    """The reference with its own, leave-one-out, ranges of what is measured."""

    reference: Pictures
    distance_range: tuple[float, float]
    energy_range: tuple[float, float]


def fit_ruler(reference: Pictures) -> Ruler:
    """The 2.5 - 97.5 % ranges over the reference, each image against the others."""
    rows = flatten(reference)
    distances = nearest(rows, rows, K, itself=True).distances[:, -1]
    energies = laplacian_energy(reference)
    return Ruler(reference, quantiles(distances), quantiles(energies))


def quantiles(values: Values) -> tuple[float, float]:
    low, high = np.quantile(values, RANGE)
    return float(low), float(high)


def reference_distance(pictures: Pictures, ruler: Ruler) -> Values:
    """Distance in pixel space to the 5th nearest reference image."""
    return nearest(flatten(pictures), flatten(ruler.reference), K).distances[:, -1]


def laplacian_energy(pictures: Pictures) -> Values:
    """Mean square of the 4-neighbour Laplacian over inner pixels and channels: small for blur, large for noise."""
    x = pictures.astype(np.float64)
    inner = x[..., 1:-1, 1:-1]
    around = x[..., :-2, 1:-1] + x[..., 2:, 1:-1] + x[..., 1:-1, :-2] + x[..., 1:-1, 2:]
    return np.square(around - 4 * inner).mean(axis=(1, 2, 3))


def real(distance: Values, energy: Values, ruler: Ruler) -> Flags:
    """Both within the reference's own range. Distances alone would reward blur."""
    low, high = ruler.distance_range
    smooth, rough = ruler.energy_range
    return (low <= distance) & (distance <= high) & (smooth <= energy) & (energy <= rough)


def classes(memorised: Flags, largest_share: Values, residual: Values, heldout_residual: Values, is_real: Flags) -> list[str]:
    """copy / mosaic / novel real / novel unreal, the first that holds.

    copy: memorised. mosaic: no source has half the tiles, and the collage of closest training tiles is nearer than it is
    for 95 % of the held-out images.
    """
    limit = np.quantile(heldout_residual, 0.05) if len(heldout_residual) else -np.inf
    mosaic = (largest_share < 0.5) & (residual < limit)
    names = np.select([memorised, mosaic, is_real], [COPY.name, MOSAIC.name, NOVEL_REAL.name], NOVEL_UNREAL.name)
    return [str(name) for name in names]
