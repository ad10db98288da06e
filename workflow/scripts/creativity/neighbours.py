"""Exact nearest neighbours, and the spaces and tiles in which they are searched."""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creativity import store
from creativity.types import Neighbours, Pictures, Places, Provenance, Row, Vectors

NEIGHBOURS = {"sample": store.LONG} | store.NEIGHBOUR
SUBSET_NEIGHBOURS = {"set": store.TEXT, "id": store.TEXT} | store.NEIGHBOUR
PROVENANCE = {"sample": store.LONG, "row": store.SHORT, "col": store.SHORT, "source": store.TEXT, "distance": store.REAL}
PCA_DIMENSIONS = 64
ROWS = 4096  # images compared at once with as many others: 64 MB of scores ...
VALUES = 2**24  # ... or as many as have so many values
ROUNDING = 2.0**-24  # largest relative error of one operation in float32


Product = Callable[[Vectors, Vectors, np.ndarray], object]  # a, b, out: puts a b^T there, in float32


class Pca(NamedTuple):
    """A principal component projection: x -> (x - mean) directions^T."""

    mean: Vectors
    directions: Vectors

    def __call__(self, pictures: Pictures, /) -> Vectors:
        parts = slices(max(len(pictures), 1), ROWS)
        return np.concatenate([(flatten(pictures[rows]) - self.mean) @ self.directions.T for rows in parts])


def in_rows(pictures: Pictures) -> Vectors:
    """An image a row: distances between rows are in the units of the pixels."""
    return pictures.reshape(len(pictures), int(np.prod(pictures.shape[1:])))


def flatten(pictures: Pictures) -> Vectors:
    """The same in float64."""
    return in_rows(pictures).astype(np.float64)


def fit_pca(pictures: Pictures, dimensions: int = PCA_DIMENSIONS) -> Pca:
    """The projection onto the first principal directions of these images, at most as many as they span."""
    rows = flatten(pictures)
    mean = rows.mean(axis=0, keepdims=True)
    _, _, directions = np.linalg.svd(rows - mean, full_matrices=False)
    return Pca(mean, directions[: min(dimensions, len(rows) - 1)])


def on_cpu(a: Vectors, b: Vectors, out: np.ndarray) -> None:
    """a b^T."""
    np.matmul(a, b.T, out=out)


def product_on(device: str) -> Product:
    """The product on the CPU, or on a device that torch knows, which is imported for it alone."""
    if device == "cpu":
        return on_cpu
    there: Product = import_module("creativity.device").product_on(device)
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


def slices(length: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, length)) for start in range(0, length, size)]


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
    """The k nearest training images of every image, in pixels or in the reference's principal components."""
    features = in_rows if space == "pixel" else fit_pca(reference)
    if not mirrored:
        return nearest(features(queries), features(train), k, itself, product)
    return nearest_or_mirrored(features(queries), features(train), features(train[..., ::-1]), k, itself, product)


def tiles(pictures: Pictures, side: int) -> np.ndarray:
    """Non-overlapping tiles: [n, rows, cols, c side side]."""
    n, c, h, w = pictures.shape
    cut = pictures.reshape(n, c, h // side, side, w // side, side)
    return cut.transpose(0, 2, 4, 1, 3, 5).reshape(n, h // side, w // side, c * side * side)


def trace(queries: Pictures, train: Pictures, side: int) -> Provenance:
    """Where each tile may come from: the training image with the closest tile at the same place (after Kadkhodaie et al. 2024)."""
    asked, known = tiles(queries, side), tiles(train, side)
    shape = asked.shape[:3]
    sources, distances = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    for place in np.ndindex(shape[1:]):
        found = nearest(asked[:, *place], known[:, *place], 1)
        sources[:, *place], distances[:, *place] = found.indices[:, 0], found.distances[:, 0]
    return Provenance(sources, distances)


def neighbour_rows(keys: list[tuple], space: str, found: Neighbours, ids: list[str]) -> list[tuple]:
    """The long table: one row a query and rank; keys: what names each query."""
    return [
        (*key, space, rank + 1, ids[index], mirrored, distance)
        for key, distances, indices, flags in zip(
            keys, found.distances.tolist(), found.indices.tolist(), found.mirrored.tolist(), strict=True
        )
        for rank, (distance, index, mirrored) in enumerate(zip(distances, indices, flags, strict=True))
    ]


def read_neighbours(table: pa.Table, ids: list[str]) -> dict[str, Neighbours]:
    """The arrays in each space behind a long table whose rows stand in the order of `neighbour_rows`."""
    place = {id_: i for i, id_ in enumerate(ids)}
    found = {}
    for space in table["space"].unique().to_pylist():
        part = table.filter(pc.equal(table["space"], space))
        k = pc.max(part["rank"]).as_py()
        indices = np.array([place[id_] for id_ in part["neighbour"].to_pylist()], dtype=np.int64)
        columns = part["distance"].to_numpy(), indices, part["mirrored"].to_numpy()
        found[space] = Neighbours(*(column.reshape(-1, k) for column in columns))
    return found


def provenance_rows(numbers: np.ndarray, found: Provenance, ids: list[str]) -> list[tuple]:
    """The long table: one row a sample and tile."""
    return [
        (int(numbers[i]), row, col, ids[found.sources[i, row, col]], float(found.distances[i, row, col]))
        for i, row, col in np.ndindex(found.sources.shape)
    ]


def read_provenance(table: pa.Table, ids: list[str]) -> Provenance:
    """The arrays behind a long table whose rows stand in the order of `provenance_rows`."""
    place = {id_: i for i, id_ in enumerate(ids)}
    if not len(table):
        return Provenance(np.zeros((0, 1, 1), dtype=np.int64), np.zeros((0, 1, 1)))
    shape = (-1, pc.max(table["row"]).as_py() + 1, pc.max(table["col"]).as_py() + 1)
    sources = np.array([place[id_] for id_ in table["source"].to_pylist()], dtype=np.int64)
    return Provenance(sources.reshape(shape), table["distance"].to_numpy().reshape(shape))
