"""Precision, recall, density and coverage: which images of one set lie within reach of the other set.

Rows are images or their features, float64 [n, d].
"""

from typing import NamedTuple

import numpy as np

from creativity.measures import intervals
from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import ROWS, distances, slices
from creativity.types import Flags, Interval, Values, Vectors

K = 5
BLOCK = 1024  # images of a side whose pairs are held at once


class Overlap(NamedTuple):
    """Precision and density say whether the generated look real, recall and coverage whether all that is real is generated.

    by_reference: by how much the mean density falls without each reference image, times their number less one.
    """

    precision: Flags  # [generated]
    recall: Flags  # [reference]
    density: Values  # [generated]
    coverage: Flags  # [reference]
    by_reference: Values


def overlap(generated: Vectors, reference: Vectors) -> Overlap:
    """Each image's contribution to precision, recall, density and coverage (Kynkaanniemi et al. 2019; Naeem et al. 2020).

    A ball about each image reaches to its 5th neighbour of its own set, itself excluded. precision: a generated image lies in a
    reference ball; recall: a reference image lies in a generated ball; density: reference balls a generated image lies
    in, over 5; coverage: a reference ball holds a generated image. Comparisons are strict, and of distances that tie where the
    images do. A ball about an image that stands six times in its set is empty.
    """
    real, made = nearest(reference, reference, K + 1, itself=True), nearest(generated, generated, K, itself=True).distances[:, -1]
    radius, next_radius = real.distances[:, :K][:, -1], real.distances[:, -1]
    precision, balls = np.zeros(len(generated), dtype=bool), np.zeros(len(generated))
    recall, held, held_next = np.zeros(len(reference), dtype=bool), np.zeros(len(reference)), np.zeros(len(reference))
    for rows in slices(len(generated), BLOCK):
        for columns in slices(len(reference), BLOCK):
            pairs = Pairs(generated[rows], reference[columns])
            inside = pairs.nearer(radius[None, columns])
            precision[rows] |= inside.any(axis=1)
            balls[rows] += inside.sum(axis=1)
            held[columns] += inside.sum(axis=0)
            held_next[columns] += pairs.nearer(next_radius[None, columns]).sum(axis=0)
            recall[columns] |= pairs.nearer(made[rows, None]).any(axis=0)
    grown = np.bincount(real.indices[:, :K].ravel(), np.repeat(held_next - held, real.indices[:, :K].shape[1]), len(reference))
    by_reference = (len(reference) - 1) * (held - grown) / (K * len(generated))
    return Overlap(precision, recall, balls / K, held > 0, by_reference)


class Pairs:
    """All pairs of a row of a and a row of b."""

    def __init__(self, a: Vectors, b: Vectors) -> None:
        self.a, self.b = a, b
        of_a, of_b = (np.einsum("ij,ij->i", side, side) for side in (a, b))
        self.lengths = of_a[:, None] + of_b
        self.squares = self.lengths - 2 * (a @ b.T)
        self.rounding = 4 * (a.shape[1] + 8) * np.finfo(float).eps  # times the lengths: more than the error of the squares

    def nearer(self, radius: np.ndarray) -> np.ndarray:
        """Whether each pair is nearer than its radius, by `distances` where the squares cannot say: [a, b]."""
        squared = np.square(radius)
        inside = self.squares < squared
        inside &= radius > 0
        doubtful = (np.abs(self.squares - squared) <= self.rounding * (self.lengths + squared)) & (radius > 0)
        i, j = np.nonzero(doubtful)
        limits = np.broadcast_to(radius, inside.shape)[i, j]
        for part in slices(len(i), ROWS):
            inside[i[part], j[part]] = distances(self.a[i[part]], self.b[j[part]]) < limits[part]
        return inside


class Shares(NamedTuple):
    """The four as numbers of the sets, with intervals."""

    precision: Interval
    recall: Interval
    density: Interval
    coverage: Interval


def shares(generated: Vectors, reference: Vectors) -> Shares:
    """Precision, recall, density and coverage, each with the interval of its mean over other sets of these sizes, of both sides.

    Balls overlap, so that their images do not count by themselves: the shares have the interval of as many images as would make
    the variance found in smaller sets (`intervals.variance`), at most those that there are. The density has the normal interval of
    the jackknife: without a reference image its ball is lost, and those of which it was a neighbour reach to their 6th.
    """
    whole = overlap(generated, reference)
    variances = intervals.variance(lambda i, j: means(generated[i], reference[j]), len(generated), len(reference)).tolist()
    flags = whole.precision, whole.recall, whole.coverage
    found = [intervals.effective(float(side.mean()), spread, len(side)) for side, spread in zip(flags, variances, strict=True)]
    density = intervals.normal(float(whole.density.mean()), [whole.density, whole.by_reference], len(generated))
    return Shares(found[0], found[1], density, found[2])


def means(generated: Vectors, reference: Vectors) -> Values:
    """Precision, recall and coverage of small sets, all distances at once and ties by chance: for a variance, [3]."""
    away = matrix(generated, reference)
    real_radius, made_radius = (np.partition(matrix(side, side), K, axis=1)[:, K] for side in (reference, generated))
    in_real, in_made = away < real_radius, away < made_radius[:, None]
    return np.array([in_real.any(axis=1).mean(), in_made.any(axis=0).mean(), in_real.any(axis=0).mean()])


def matrix(a: Vectors, b: Vectors) -> np.ndarray:
    """Squared distances by products; 0 where they are rounding."""
    pairs = Pairs(a, b)
    return np.where(pairs.squares > pairs.rounding * pairs.lengths, pairs.squares, 0)
