"""Exact nearest neighbours, and the spaces and tiles in which they are searched."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creativity import store
from creativity.types import Neighbours, Pictures, Provenance, Vectors

NEIGHBOURS = {"sample": store.LONG} | store.NEIGHBOUR
SUBSET_NEIGHBOURS = {"set": store.TEXT, "id": store.TEXT} | store.NEIGHBOUR
PROVENANCE = {"sample": store.LONG, "row": store.SHORT, "col": store.SHORT, "source": store.TEXT, "distance": store.REAL}
PCA_DIMENSIONS = 64
CHUNK_VALUES = 2**24  # entries of the largest distance matrix held at once: 128 MB
SPARE = 4  # further candidates that are ranked again exactly


class Pca(NamedTuple):
    """A principal component projection: x -> (x - mean) directions^T."""

    mean: Vectors
    directions: Vectors

    def __call__(self, pictures: Pictures, /) -> Vectors:
        return (flatten(pictures) - self.mean) @ self.directions.T


def flatten(pictures: Pictures) -> Vectors:
    """Images as float64 rows: distances between them are in the units of the pixels."""
    return pictures.reshape(len(pictures), int(np.prod(pictures.shape[1:]))).astype(np.float64)


def fit_pca(pictures: Pictures, dimensions: int = PCA_DIMENSIONS) -> Pca:
    """The projection onto the first principal directions of these images, at most as many as they span."""
    rows = flatten(pictures)
    mean = rows.mean(axis=0, keepdims=True)
    _, _, directions = np.linalg.svd(rows - mean, full_matrices=False)
    return Pca(mean, directions[: min(dimensions, len(rows) - 1)])


def nearest(queries: Vectors, points: Vectors, k: int, itself: bool = False) -> Neighbours:
    """The k nearest points of every query by Euclidean distance, equals in the order of the points.

    Candidates come from |p|^2 - 2 q.p, about the mean of the points; they are ranked again by exact differences, so that
    a duplicate is at distance exactly 0. `itself`: the queries are the points, and no point is its own neighbour.
    """
    centre = points.mean(axis=0)
    moved = points - centre
    squares = np.square(moved).sum(axis=1)
    kept = min(k + SPARE, len(points) - itself)
    found = [
        rerank(queries[rows], points, candidates(queries[rows] - centre, moved, squares, kept, rows.start if itself else None), k)
        for rows in chunks(len(queries), len(points))
    ]
    distances, indices = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Neighbours(distances, indices, np.zeros(indices.shape, dtype=bool))


def chunks(queries: int, points: int) -> list[slice]:
    size = max(1, CHUNK_VALUES // max(points, 1))
    return [slice(start, min(start + size, queries)) for start in range(0, max(queries, 1), size)]


def candidates(queries: Vectors, points: Vectors, squares: np.ndarray, kept: int, own: int | None) -> np.ndarray:
    """Indices of the `kept` points of least |p|^2 - 2 q.p, in no order. own: index of the first query among the points."""
    scores = squares - 2 * queries @ points.T
    if own is not None:
        scores[np.arange(len(queries)), own + np.arange(len(queries))] = np.inf
    return np.argpartition(scores, kept - 1, axis=1)[:, :kept]


def rerank(queries: Vectors, points: Vectors, indices: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest among the candidates by exact differences: distances and indices."""
    indices = np.sort(indices, axis=1)
    exact = np.stack([np.linalg.norm(queries - points[column], axis=1) for column in indices.T], axis=1)
    order = np.argsort(exact, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(exact, order, axis=1), np.take_along_axis(indices, order, axis=1)


def nearest_or_mirrored(queries: Vectors, points: Vectors, mirrors: Vectors, k: int, itself: bool = False) -> Neighbours:
    """The k nearest points where the distance to a point is the lesser of that to it and that to its mirror image.

    Whatever is among the k nearest by the lesser distance is among the k nearest of one of the two searches.
    """
    plain, mirror = nearest(queries, points, k, itself), nearest(queries, mirrors, k, itself)
    distances = np.concatenate([plain.distances, mirror.distances], axis=1)
    indices = np.concatenate([plain.indices, mirror.indices], axis=1)
    flags = np.concatenate([plain.mirrored, ~mirror.mirrored], axis=1)
    order = np.lexsort((flags, indices, distances))
    distances, indices, flags = (np.take_along_axis(part, order, axis=1) for part in (distances, indices, flags))
    again = np.stack([(indices[:, :j] == indices[:, j : j + 1]).any(axis=1) for j in range(indices.shape[1])], axis=1)
    first = np.argsort(again, axis=1, kind="stable")[:, : plain.indices.shape[1]]
    return Neighbours(*(np.take_along_axis(part, first, axis=1) for part in (distances, indices, flags)))


def search(
    queries: Pictures, train: Pictures, reference: Pictures, space: str, k: int, mirrored: bool, itself: bool = False
) -> Neighbours:
    """The k nearest training images of every image, in pixels or in the reference's principal components."""
    features = flatten if space == "pixel" else fit_pca(reference)
    if not mirrored:
        return nearest(features(queries), features(train), k, itself)
    return nearest_or_mirrored(features(queries), features(train), features(train[..., ::-1]), k, itself)


def tiles(pictures: Pictures, side: int) -> np.ndarray:
    """Non-overlapping tiles: [n, rows, cols, c side side]."""
    n, c, h, w = pictures.shape
    cut = pictures.reshape(n, c, h // side, side, w // side, side)
    return cut.transpose(0, 2, 4, 1, 3, 5).reshape(n, h // side, w // side, c * side * side)


def trace(queries: Pictures, train: Pictures, side: int) -> Provenance:
    """Where each tile may come from: the training image with the closest tile at the same place (after Kadkhodaie et al. 2024)."""
    asked, known = tiles(queries, side).astype(np.float64), tiles(train, side).astype(np.float64)
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
