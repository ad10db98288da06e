"""Exact nearest neighbours by Euclidean distance, such as the training images that are nearest to a sample.

Matrix products in float32 (on a CPU or GPU) select candidates, and float64 decides among them, so that no neighbour is missed.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module

import numpy as np

from creativity.neighbours import spaces
from creativity.neighbours.spaces import Fitted
from creativity.neighbours.vectors import ROWS, distances, slices
from creativity.types import Neighbours, Pictures, Places, Row, Vectors

VALUES = 2**24  # most numbers of a block of queries or points; all pairs of two blocks are compared at once
ROUNDING = 2.0**-24  # largest relative error of one float32 operation (unit roundoff)

Product = Callable[[Vectors, Vectors, np.ndarray], object]  # (a, b, out): puts a b^T into out, in float32
Searcher = Callable[[Pictures, int, bool], Neighbours]  # (queries, k, itself): their nearest training images


def on_cpu(a: Vectors, b: Vectors, out: np.ndarray) -> None:
    """Puts a b^T into out, on the CPU."""
    np.matmul(a, b.T, out=out)


def product_on(device: str) -> Product:
    """The matrix product on a device; torch is imported only where it is not "cpu". Raises UserError where there is no such GPU."""
    if device == "cpu":
        return on_cpu
    product: Product = import_module("creativity.running.device").product_on(device)
    return product


def nearest(queries: Vectors, points: Vectors, k: int, itself: bool = False, product: Product = on_cpu) -> Neighbours:
    """The k nearest points of every query by Euclidean distance: queries [n, d], points [m, d]; ties in the order of the points.

    `candidates` selects the points that may be among the k. They are ranked by their differences in float64, so that a duplicate is
    at distance exactly 0. All is done in blocks, without a second copy of the queries or points. itself: queries and points are the
    same images, and none is its own neighbour. product: computes a b^T on a device, which changes no result.

    >>> points = np.array([[0.0], [3.0], [4.0]], dtype=np.float32)
    >>> near = nearest(np.array([[2.5]], dtype=np.float32), points, k=2)
    >>> near.indices.tolist(), near.distances.tolist()
    ([[1, 2]], [[0.5, 1.5]])
    """
    k = min(k, len(points) - itself)
    size = max(k + 1, min(ROWS, VALUES // max(points.shape[1], 1)))
    ranked = []
    for rows in slices(len(queries), size):
        selected = candidates(queries[rows], points, k, size, rows.start if itself else None, product)
        ranked += [rank(query, points, places, k) for query, places in zip(queries[rows], selected, strict=True)]
    away = np.array([query_distances for query_distances, _ in ranked]).reshape(-1, k)
    indices = np.array([query_indices for _, query_indices in ranked], dtype=np.int64).reshape(-1, k)
    return Neighbours(away, indices, np.zeros(indices.shape, dtype=bool))


def rank(query: Row, points: Vectors, places: Places, k: int) -> tuple[Row, Places]:
    """The k nearest to a query among the points at these indices, by differences in float64: distances [k] and indices [k]."""
    away = np.concatenate([distances(points[places[rows]], query) for rows in slices(len(places), ROWS)])
    order = np.argsort(away, kind="stable")[:k]
    return away[order], places[order]


@np.errstate(over="ignore", invalid="ignore")
def candidates(queries: Vectors, points: Vectors, k: int, size: int, own: int | None, product: Product) -> list[Places]:
    """For each query the indices of all points that may be among its k nearest, rising.

    A point's score is s = |b|^2 - 2 a.b, its squared distance to the query but for |a|^2, where a and b are the query and the point
    minus the mean of the points, in float32. With u = 2^-24 and g = d u / (1 - d u), the error of s is at most
    (g + 4 u) (1 + 4 g) (|b|^2 + 2 |a| |b|): that of sums of d products in any order (Higham 2002, section 3.1) and of rounding a, b
    and s. A point is ruled out only where k others are nearer whatever the errors are.

    size: points in a block. own: the index of the first query among the points, where the queries are themselves points.
    """
    centre = points.mean(axis=0)
    a = (queries - centre).astype(np.float32, copy=False)
    a_norm = np.sqrt(np.einsum("ij,ij->i", a, a, dtype=np.float64))
    a *= -2
    relative_error = points.shape[1] * ROUNDING / (1 - points.shape[1] * ROUNDING)
    relative_error = (relative_error + 4 * ROUNDING) * (1 + 4 * relative_error)
    upper_bounds = np.full((len(a), k), np.inf)  # of the scores: the k lowest so far, each of another point
    survivors, blocks = [], slices(len(points), size)
    b_buffer, score_buffer = (np.empty(blocks[0].stop * width, dtype=np.float32) for width in (points.shape[1], len(a)))
    for block in blocks:
        b = b_buffer[: (block.stop - block.start) * points.shape[1]].reshape(-1, points.shape[1])
        np.subtract(points[block], centre, out=b, casting="same_kind")
        squared_norms = np.einsum("ij,ij->i", b, b)
        scores = score_buffer[: len(a) * len(b)].reshape(len(a), len(b))
        product(a, b, scores)
        scores += squared_norms
        if own is not None:
            hide(scores, own - block.start)
        largest_b_norm = float(squared_norms.max()) ** 0.5
        error = relative_error * largest_b_norm * (largest_b_norm + 2 * a_norm)
        block_bounds = lowest(scores, k) + error[:, None]
        upper_bounds = np.partition(np.concatenate([upper_bounds, block_bounds], axis=1), k - 1, axis=1)[:, :k]
        limit = np.nextafter((upper_bounds.max(axis=1) + error).astype(np.float32), np.float32(np.inf))
        rows, columns = np.divmod(np.flatnonzero(~(scores > limit[:, None])), len(b))  # NaN, where float32 overflows, passes too
        survivors.append((rows, columns + block.start, scores[rows, columns] - error[rows]))
    rows, places, lower_bounds = (np.concatenate(arrays) for arrays in zip(*survivors, strict=True))
    kept = ~(lower_bounds > upper_bounds.max(axis=1)[rows]) & (True if own is None else places != own + rows)
    rows, places = rows[kept], places[kept]
    order = np.argsort(rows, kind="stable")
    return np.split(places[order], np.searchsorted(rows[order], np.arange(1, len(a))))


def hide(scores: np.ndarray, first: int) -> None:
    """Sets the scores at (i, first + i), those of queries with themselves, to infinity."""
    rows = np.arange(max(0, -first), min(len(scores), scores.shape[1] - first))
    scores[rows, first + rows] = np.inf


def lowest(scores: np.ndarray, k: int) -> np.ndarray:
    """k low scores of every row [n, k], not always the k lowest: those of the lowest scores of groups of columns."""
    groups = max(k, scores.shape[1] // 16)
    group_minima = scores[:, :groups].copy()
    for start in range(groups, scores.shape[1] - groups + 1, groups):
        np.minimum(group_minima, scores[:, start : start + groups], out=group_minima)
    return np.partition(group_minima, min(k, group_minima.shape[1]) - 1, axis=1)[:, :k]


def nearest_or_mirrored(
    queries: Vectors, points: Vectors, mirrors: Vectors | None, k: int, itself: bool = False, product: Product = on_cpu
) -> Neighbours:
    """The k nearest points, where the distance to a point is the smaller of those to the point and to its mirror image.

    mirrors: None where mirror images do not count.
    """
    if mirrors is None:
        return nearest(queries, points, k, itself, product)
    return least_of([nearest(queries, images, k, itself, product) for images in (points, mirrors)], [False, True])


def least_of(searches: Sequence[Neighbours], mirrored: Sequence[bool]) -> Neighbours:
    """The k nearest points by the least of several distances, from the k nearest by each. mirrored: which are to mirror images.

    k by each suffice: a point among the k nearest by the least distance is so by one of them.
    """
    distances = np.concatenate([near.distances for near in searches], axis=1)
    indices = np.concatenate([near.indices for near in searches], axis=1)
    flags = np.concatenate([np.full(near.mirrored.shape, flag) for near, flag in zip(searches, mirrored, strict=True)], axis=1)
    order = np.lexsort((flags, indices, distances))
    distances, indices, flags = (np.take_along_axis(array, order, axis=1) for array in (distances, indices, flags))
    repeated = np.stack([(indices[:, :j] == indices[:, j : j + 1]).any(axis=1) for j in range(indices.shape[1])], axis=1)
    first = np.argsort(repeated, axis=1, kind="stable")[:, : searches[0].indices.shape[1]]
    return Neighbours(*(np.take_along_axis(array, first, axis=1) for array in (distances, indices, flags)))


def search(
    queries: Pictures,
    train: Pictures,
    fitted: Mapping[str, Fitted],
    space: str,
    k: int,
    mirrored: bool,
    itself: bool = False,
    product: Product = on_cpu,
) -> Neighbours:
    """The k nearest training images of every query image, by Euclidean distance in a space such as "pixel" or "pca".

    fitted: what spaces take from the reference, as `spaces.fit` gives it. mirrored: a training image's mirror image counts as the
    image itself.
    """
    return searcher(train, fitted, space, mirrored, product)(queries, k, itself)


def searcher(train: Pictures, fitted: Mapping[str, Fitted], space: str, mirrored: bool, product: Product = on_cpu) -> Searcher:
    """`search` for several sets of queries, for which the training images are brought into the space once."""
    if not spaces.has_features(space):
        by_itself = spaces.module_of(space).search
        return lambda queries, k, itself: by_itself(queries, train, k, itself, product)
    features = spaces.features(space, fitted)
    points, mirrors = features(train), features(train[..., ::-1]) if mirrored else None
    return lambda queries, k, itself: nearest_or_mirrored(features(queries), points, mirrors, k, itself, product)
