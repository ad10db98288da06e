"""Neighbours and the sources of tiles as tables, and back."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creativity import store
from creativity.types import Neighbours, Provenance

NEIGHBOURS = {"sample": store.LONG} | store.NEIGHBOUR
SUBSET_NEIGHBOURS = {"set": store.TEXT, "id": store.TEXT} | store.NEIGHBOUR
PROVENANCE = {"sample": store.LONG, "row": store.SHORT, "col": store.SHORT, "source": store.TEXT, "distance": store.REAL}


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
