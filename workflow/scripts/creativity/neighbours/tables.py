"""Nearest training images, and sources of tiles, as rows of the result tables, and back as arrays."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creativity import store
from creativity.neighbours.search import Product, nearest_or_mirrored, on_cpu
from creativity.neighbours.spaces import Fitted
from creativity.store.weights import by_part, read_weights
from creativity.types import Neighbours, Provenance, Values

NEIGHBOURS = {"sample": store.LONG} | store.NEIGHBOUR
SUBSET_NEIGHBOURS = {"set": store.TEXT, "id": store.TEXT} | store.NEIGHBOUR
PROVENANCE = {"sample": store.LONG, "row": store.SHORT, "col": store.SHORT, "source": store.TEXT, "distance": store.REAL}
PROVENANCE |= {"mirrored": store.FLAG}

SCALES = {"id": store.TEXT, "space": store.TEXT, "scale": store.REAL}
SCALE_K = 5  # the local scale of a training image is its distance to so many-th nearest reference image


def neighbour_rows(keys: list[tuple], space: str, neighbours: Neighbours, ids: list[str]) -> list[tuple]:
    """One row for each query and rank. keys: the columns that identify each query. ids: of the training images."""
    return [
        (*key, space, rank + 1, ids[index], mirrored, distance)
        for key, distances, indices, flags in zip(
            keys, neighbours.distances.tolist(), neighbours.indices.tolist(), neighbours.mirrored.tolist(), strict=True
        )
        for rank, (distance, index, mirrored) in enumerate(zip(distances, indices, flags, strict=True))
    ]


def search_features(queries: Path, points: Path, k: int, itself: bool = False, product: Product = on_cpu) -> tuple[str, Neighbours]:
    """The k nearest of the images in a file of features, and the space of these, such as "dinov2-vits14".

    The mirror images of the points count where the file has them. Raises StoreError where a file cannot be read.
    """
    mirrors = store.features(points, "mirror") if "mirror" in store.read(points).column_names else None
    near = nearest_or_mirrored(store.features(queries), store.features(points), mirrors, k, itself, product)
    return store.footer(points)["space"], near


def read_neighbours(table: pa.Table, ids: list[str]) -> dict[str, Neighbours]:
    """The neighbours in each space, from a table whose rows stand in the order of `neighbour_rows`. ids: of the training images."""
    index = {id_: i for i, id_ in enumerate(ids)}
    neighbours = {}
    for space in table["space"].unique().to_pylist():
        rows = table.filter(pc.equal(table["space"], space))
        k = pc.max(rows["rank"]).as_py()
        indices = np.array([index[id_] for id_ in rows["neighbour"].to_pylist()], dtype=np.int64)
        columns = rows["distance"].to_numpy(), indices, rows["mirrored"].to_numpy()
        neighbours[space] = Neighbours(*(column.reshape(-1, k) for column in columns))
    return neighbours


def read_sides(path: Path, ids: list[str]) -> dict[str, dict[str, Neighbours]]:
    """The neighbours of the train, heldout, reference and left_out images of a subset, by side and space; of the last there may be
    none. ids: of the training images. Raises StoreError where the file cannot be read.
    """
    table = store.read(path)
    sides = ("train", "heldout", "reference", "left_out")
    return {side: read_neighbours(table.filter(pc.equal(table["set"], side)), ids) for side in sides}


def read_spaces(path: Path) -> dict[str, Fitted]:
    """What spaces take from the reference, as `spaces.fit` gives it. Raises StoreError where the file cannot be read."""
    return by_part(read_weights(path))


def read_scales(table: pa.Table) -> dict[str, Values]:
    """The local scale of each training image, in the order of the images, in each space."""
    spaces = table["space"].unique().to_pylist()
    return {space: table.filter(pc.equal(table["space"], space))["scale"].to_numpy() for space in spaces}


def provenance_rows(numbers: np.ndarray, provenance: Provenance, ids: list[str]) -> list[tuple]:
    """One row for each sample and tile. numbers: of the samples. ids: of the training images."""
    places = np.ndindex(provenance.sources.shape)
    columns = (column.ravel().tolist() for column in provenance)
    return [
        (int(numbers[i]), row, col, ids[source], distance, mirrored)
        for (i, row, col), source, distance, mirrored in zip(places, *columns, strict=True)
    ]


def read_provenance(table: pa.Table, ids: list[str]) -> Provenance:
    """The sources of tiles, from a table whose rows stand in the order of `provenance_rows`. ids: of the training images."""
    index = {id_: i for i, id_ in enumerate(ids)}
    if not len(table):
        return Provenance(*(np.zeros((0, 1, 1), dtype=kind) for kind in (np.int64, np.float64, bool)))
    shape = (-1, pc.max(table["row"]).as_py() + 1, pc.max(table["col"]).as_py() + 1)
    sources = np.array([index[id_] for id_ in table["source"].to_pylist()], dtype=np.int64)
    return Provenance(*(column.reshape(shape) for column in (sources, table["distance"].to_numpy(), table["mirrored"].to_numpy())))
