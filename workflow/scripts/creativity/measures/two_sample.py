"""Energy distance and kernel distance of two sets, with intervals in closed form, from one pass over all pairs.

Both are A + B - 2 C, where A, B and C are the means of a kernel k over pairs of different generated images, of different
reference images, and of one of each (Gretton et al. 2012). The energy distance has k(x, y) = -|x - y| (Szekely & Rizzo 2013).
"""

from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np

from creativity.measures import intervals
from creativity.neighbours.vectors import slices
from creativity.types import Interval, Values, Vectors

BLOCK = 1024  # images of a side whose pairs are held at once
Kernel = Callable[[np.ndarray, Values, Values, int], np.ndarray]  # (products a b^T, |a|^2, |b|^2, dimensions) -> k(a, b)


class Sums(NamedTuple):
    """Of a kernel over all pairs of a row and a column, but for those of an image with itself: over each, and of the squares."""

    rows: Values
    columns: Values
    squares: float


def minus_distance(products: np.ndarray, of_a: Values, of_b: Values, dimensions: int) -> np.ndarray:
    """-|a - b|."""
    return -np.sqrt(np.maximum(of_a[:, None] + of_b - 2 * products, 0))


def polynomial(products: np.ndarray, of_a: Values, of_b: Values, dimensions: int) -> np.ndarray:
    """(a.b / d + 1)^3, the kernel of the kernel inception distance (Binkowski et al. 2018)."""
    base = products / dimensions + 1
    return np.asarray(base * base * base)


KERNELS: tuple[Kernel, ...] = (minus_distance, polynomial)


def across(a: Vectors, b: Vectors) -> list[Sums]:
    """The sums of each of KERNELS over pairs of a row of a and a row of b."""
    pairs = product(slices(len(a), BLOCK), slices(len(b), BLOCK))
    return gathered(a, b, ((rows, columns, blocks(a[rows], b[columns])) for rows, columns in pairs))


def within(a: Vectors) -> list[Sums]:
    """The sums of each of KERNELS over pairs of different rows of a, of which half are computed."""
    return gathered(a, a, both_orders(a))


def both_orders(a: Vectors) -> Iterator[tuple[slice, slice, list[np.ndarray]]]:
    for rows, columns in combinations_with_replacement(slices(len(a), BLOCK), 2):
        values = blocks(a[rows], a[columns])
        if rows == columns:
            for value in values:
                np.fill_diagonal(value, 0)
        yield rows, columns, values
        if rows != columns:
            yield columns, rows, [value.T for value in values]


def blocks(a: Vectors, b: Vectors) -> list[np.ndarray]:
    of_a, of_b = (np.einsum("ij,ij->i", side, side) for side in (a, b))
    products = a @ b.T
    return [kernel(products, of_a, of_b, a.shape[1]) for kernel in KERNELS]


def gathered(a: Vectors, b: Vectors, pairs: Iterator[tuple[slice, slice, list[np.ndarray]]]) -> list[Sums]:
    rows, columns, squares = np.zeros((len(KERNELS), len(a))), np.zeros((len(KERNELS), len(b))), np.zeros(len(KERNELS))
    for some, others, values in pairs:
        for i, value in enumerate(values):
            rows[i, some] += value.sum(axis=1)
            columns[i, others] += value.sum(axis=0)
            squares[i] += np.einsum("ij,ij->", value, value)
    return [Sums(*sums) for sums in zip(rows, columns, squares.tolist(), strict=True)]


def of_matrix(values: np.ndarray) -> Sums:
    """The sums over a whole matrix of the kernel [n, m], whose diagonal is 0 where rows and columns are the same images."""
    return Sums(values.sum(axis=1), values.sum(axis=0), float(np.square(values).sum()))


class Discrepancy(NamedTuple):
    """A distance between two sets, and what it is made of.

    by_generated, by_reference: by how much it would rise with more images like each one. chance: the variance that it has
    where both laws are the same, and at least has anywhere.
    """

    value: float
    by_generated: Values
    by_reference: Values
    chance: float


def discrepancy(across: Sums, generated: Sums, reference: Sums) -> Discrepancy:
    """A + B - 2 C with Hoeffding's (1948) decomposition of its variance. Unbiased: about 0, and at times below, for one law."""
    n, m = len(generated.rows), len(reference.rows)
    a, b, c = generated.rows.sum() / (n * (n - 1)), reference.rows.sum() / (m * (m - 1)), across.rows.sum() / (n * m)
    second = 2 * interaction(generated) / (n * (n - 1)) + 2 * interaction(reference) / (m * (m - 1))
    second += 4 * cross_interaction(across) / (n * m)
    by_generated = 2 * (generated.rows / (n - 1) - across.rows / m)
    by_reference = 2 * (reference.rows / (m - 1) - across.columns / n)
    return Discrepancy(float(a + b - 2 * c), by_generated, by_reference, second)


def interaction(sums: Sums) -> float:
    """The mean over pairs of (k_ij - r_i - r_j + A)^2, r_i being the means of rows and A that of all: n (n - 3) degrees of freedom.

    Expanded, their sum is that of the squares - 2 n sum r_i^2 + n (n + 1) A^2.
    """
    n = len(sums.rows)
    means = sums.rows / (n - 1)
    total = sums.squares - 2 * n * np.square(means).sum() + n * (n + 1) * means.mean() ** 2
    return max(float(total), 0.0) / (n * max(n - 3, 1))


def cross_interaction(sums: Sums) -> float:
    """The mean over pairs of (k_ij - r_i - s_j + C)^2 of two sets, with (n - 1) (m - 1) degrees of freedom."""
    n, m = len(sums.rows), len(sums.columns)
    rows, columns = sums.rows / m, sums.columns / n
    total = sums.squares - m * np.square(rows).sum() - n * np.square(columns).sum() + n * m * rows.mean() ** 2
    return max(float(total), 0.0) / ((n - 1) * (m - 1))


def interval(found: Discrepancy) -> Interval:
    """The 95 % interval of the distance's mean over other sets of these sizes, of both sides.

    The variance has a part that is there without any difference (`chance`), and one that grows with the distance, since a
    shift of the law by s makes a distance of the order s^2 with a variance of the order s^2: V = chance + c distance. So, as
    in Wilson's interval of a share, all distances t count for which (distance - t)^2 <= 1.96^2 (chance + c max(t, 0)). c is
    taken from the variance of the influences, which holds the noise of chance, too: where the distance is below twice the
    standard deviation of chance, it is shrunk by the square of half their ratio.
    """
    value, n, m = found.value, len(found.by_generated), len(found.by_reference)
    z, least = intervals.Z, float(np.sqrt(found.chance))
    first = found.by_generated.var(ddof=1) / n + found.by_reference.var(ddof=1) / m
    above = max(value, 0.0)
    largest = max(value, 2 * least)
    slope = float(first) * above / largest**2 if largest > 0 else 0.0
    centre, reach = value + z**2 * slope / 2, z * np.sqrt(found.chance + slope * above + (z * slope) ** 2 / 4)
    low = value - z * least if value < z * least else centre - reach
    return Interval(value, float(low), float(centre + reach), n)
