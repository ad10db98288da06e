"""Exact nearest neighbours by Euclidean distance."""

from collections.abc import Callable
from importlib import import_module

import numpy as np

from creativity.neighbours import spaces
from creativity.neighbours.vectors import ROWS, slices
from creativity.types import Neighbours, Pictures, Places, Row, Vectors

VALUES = 2**24  # numbers of the queries and of the points that are compared at once, at most
ROUNDING = 2.0**-24  # largest relative error of one operation in float32

Product = Callable[[Vectors, Vectors, np.ndarray], object]  # a, b, out: puts a b^T there, in float32


def on_cpu(a: Vectors, b: Vectors, out: np.ndarray) -> None:
    """a b^T."""
    np.matmul(a, b.T, out=out)


def product_on(device: str) -> Product:
    """The product on the CPU, or on a device that torch knows, which is imported for it alone."""
    if device == "cpu":
        return on_cpu
    there: Product = import_module("creativity.running.device").product_on(device)
    return there


def nearest(queries: Vectors, points: Vectors, k: int, itself: bool = False, product: Product = on_cpu) -> Neighbours:
    """The k nearest points of every query by Euclidean distance, equals in the order of the points.

    Products of float32 matrices choose candidates, with a bound on their error so that none of the k is missed. These are ranked
    by exact differences in float64: a duplicate is at distance exactly 0. No second copy of the queries or points is made.
    `itself`: the queries are the points, and no point is its own neighbour. product: where it is computed changes no result.
    """
    k = min(k, len(points) - itself)
    size = max(k + 1, min(ROWS, VALUES // max(points.shape[1], 1)))
    found = []
    for rows in slices(len(queries), size):
        chosen = candidates(queries[rows], points, k, size, rows.start if itself else None, product)
        found += [rank(query, points, places, k) for query, places in zip(queries[rows], chosen, strict=True)]
    distances = np.array([distance for distance, _ in found]).reshape(-1, k)
    indices = np.array([place for _, place in found], dtype=np.int64).reshape(-1, k)
    return Neighbours(distances, indices, np.zeros(indices.shape, dtype=bool))


def rank(query: Row, points: Vectors, places: Places, k: int) -> tuple[Row, Places]:
    """The k nearest of the points at these places by exact differences: distances and places."""
    differences = (np.subtract(points[places[rows]], query, dtype=np.float64) for rows in slices(len(places), ROWS))
    exact = np.concatenate([np.linalg.norm(each, axis=1) for each in differences])
    order = np.argsort(exact, kind="stable")[:k]
    return exact[order], places[order]


@np.errstate(over="ignore", invalid="ignore")
def candidates(queries: Vectors, points: Vectors, k: int, size: int, own: int | None, product: Product) -> list[Places]:
    """For each query all points that may be among its k nearest, rising. own: the place of the first query among the points.

    Points are ordered by s = |b|^2 - 2 a.b, with a and b the query and the point about the mean of the points, in float32. With
    u = 2^-24 and g = d u / (1 - d u), s is off by at most (g + 4 u) (1 + 4 g) (|b|^2 + 2 |a| |b|): by the error of sums of d
    products in any order (Higham 2002, section 3.1) and by that of rounding a, b and s. So a point is no candidate
    where k others are nearer whatever the errors are.
    """
    centre = points.mean(axis=0)
    a = (queries - centre).astype(np.float32, copy=False)
    length = np.sqrt(np.einsum("ij,ij->i", a, a, dtype=np.float64))
    a *= -2
    growth = points.shape[1] * ROUNDING / (1 - points.shape[1] * ROUNDING)
    growth = (growth + 4 * ROUNDING) * (1 + 4 * growth)
    least = np.full((len(a), k), np.inf)  # the k lowest upper bounds so far, each of another point
    found, parts = [], slices(len(points), size)
    of_b, of_scores = (np.empty(parts[0].stop * width, dtype=np.float32) for width in (points.shape[1], len(a)))  # used again
    for part in parts:
        b = of_b[: (part.stop - part.start) * points.shape[1]].reshape(-1, points.shape[1])
        np.subtract(points[part], centre, out=b, casting="same_kind")
        squares = np.einsum("ij,ij->i", b, b)
        scores = of_scores[: len(a) * len(b)].reshape(len(a), len(b))
        product(a, b, scores)
        scores += squares
        if own is not None:
            hide(scores, own - part.start)
        radius = float(squares.max()) ** 0.5
        error = growth * radius * (radius + 2 * length)
        least = np.partition(np.concatenate([least, lowest(scores, k) + error[:, None]], axis=1), k - 1, axis=1)[:, :k]
        limit = np.nextafter((least.max(axis=1) + error).astype(np.float32), np.float32(np.inf))
        rows, columns = np.divmod(np.flatnonzero(~(scores > limit[:, None])), len(b))  # also where float32 overflows
        found.append((rows, columns + part.start, scores[rows, columns] - error[rows]))
    rows, places, lower = (np.concatenate(each) for each in zip(*found, strict=True))
    kept = ~(lower > least.max(axis=1)[rows]) & (True if own is None else places != own + rows)
    rows, places = rows[kept], places[kept]
    order = np.argsort(rows, kind="stable")
    return np.split(places[order], np.searchsorted(rows[order], np.arange(1, len(a))))


def hide(scores: np.ndarray, first: int) -> None:
    """Makes infinite what stands at (i, first + i)."""
    rows = np.arange(max(0, -first), min(len(scores), scores.shape[1] - first))
    scores[rows, first + rows] = np.inf


def lowest(scores: np.ndarray, k: int) -> np.ndarray:
    """k scores of every row that are low, if not the lowest: the least of their groups, which is found without sorting."""
    groups = max(k, scores.shape[1] // 16)
    least = scores[:, :groups].copy()
    for start in range(groups, scores.shape[1] - groups + 1, groups):
        np.minimum(least, scores[:, start : start + groups], out=least)
    return np.partition(least, min(k, least.shape[1]) - 1, axis=1)[:, :k]


def nearest_or_mirrored(
    queries: Vectors, points: Vectors, mirrors: Vectors, k: int, itself: bool = False, product: Product = on_cpu
) -> Neighbours:
    """The k nearest points where the distance to a point is the lesser of that to it and that to its mirror image.

    Whatever is among the k nearest by the lesser distance is among the k nearest of one of the two searches.
    """
    plain, mirror = (nearest(queries, each, k, itself, product) for each in (points, mirrors))
    distances = np.concatenate([plain.distances, mirror.distances], axis=1)
    indices = np.concatenate([plain.indices, mirror.indices], axis=1)
    flags = np.concatenate([plain.mirrored, ~mirror.mirrored], axis=1)
    order = np.lexsort((flags, indices, distances))
    distances, indices, flags = (np.take_along_axis(part, order, axis=1) for part in (distances, indices, flags))
    again = np.stack([(indices[:, :j] == indices[:, j : j + 1]).any(axis=1) for j in range(indices.shape[1])], axis=1)
    first = np.argsort(again, axis=1, kind="stable")[:, : plain.indices.shape[1]]
    return Neighbours(*(np.take_along_axis(part, first, axis=1) for part in (distances, indices, flags)))


def search(
    queries: Pictures,
    train: Pictures,
    reference: Pictures,
    space: str,
    k: int,
    mirrored: bool,
    itself: bool = False,
    product: Product = on_cpu,
) -> Neighbours:
    """The k nearest training images of every image in a space."""
    features = spaces.fit(space, reference)
    if not mirrored:
        return nearest(features(queries), features(train), k, itself, product)
    return nearest_or_mirrored(features(queries), features(train), features(train[..., ::-1]), k, itself, product)
