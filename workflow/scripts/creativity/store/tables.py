"""Result tables as Parquet files, each with a footer that says by which campaign, settings and code it was made."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from creativity.store.columns import TEXT
from creativity.store.files import StoreError, whole


class Stamp(NamedTuple):
    """Where a file comes from.

    content_hash: of everything that determines its content. code_hash: of the code that made it. git_commit: for the record only.
    """

    campaign: str
    content_hash: str
    code_hash: str
    git_commit: str


def write(path: Path, types: Mapping[str, pa.DataType], rows: Sequence[Sequence[Any]], stamp: Stamp, **facts: str) -> None:
    """Writes a table of rows. types: of its columns, by name. facts: further entries of the footer. Raises as `whole` does."""
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, type=kind) for column, kind in zip(columns, types.values(), strict=True)]
    save(path, pa.table(arrays, schema=pa.schema(list(types.items()))), stamp, facts)


def write_features(
    path: Path, space: str, rows: NDArray[np.float32], stamp: Stamp, mirrors: NDArray[np.float32] | None = None
) -> None:
    """Writes features [n, d], one image a row, and those of the mirror images where there are any; the footer names their space.

    Raises as `whole` does.
    """
    columns = {"feature": rows} | ({} if mirrors is None else {"mirror": mirrors})
    save(path, pa.table({name: vectors(column) for name, column in columns.items()}), stamp, {"space": space})


def vectors(rows: NDArray[np.float32]) -> pa.Array:
    kind = pa.list_(pa.float32(), rows.shape[1])
    return pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), type=kind)


def features(path: Path, column: str = "feature") -> NDArray[np.float64]:
    """The features in a file, [n, d] in float64, or those of the mirror images in the column "mirror".

    Raises StoreError where it cannot be read.
    """
    rows = read(path)[column].combine_chunks()
    return rows.flatten().to_numpy().reshape(len(rows), -1).astype(np.float64)


def save(path: Path, table: pa.Table, stamp: Stamp, facts: Mapping[str, str]) -> None:
    """Writes a table with its footer. Raises as `whole` does.

    For size, texts are encoded by dictionary, and float32 images with the bytes of equal significance together.
    """
    save_batches(path, [table], stamp, facts)


def save_batches(path: Path, tables: Iterable[pa.Table], stamp: Stamp, facts: Mapping[str, str]) -> None:
    """As `save`, for tables of one schema that follow one another in the file and are written as they come.

    Raises StoreError where there is none.
    """
    iterator = iter(tables)
    first = next(iterator, None)
    if first is None:
        raise StoreError(f"{path}: found no row to write.")
    schema = first.schema.with_metadata({**stamp._asdict(), **facts})
    texts = [field.name for field in schema if field.type == TEXT]
    is_float = "image" in schema.names and schema.field("image").type.value_type == pa.float32()
    encoding = {"image.list.element": "BYTE_STREAM_SPLIT"} if is_float else None
    with (
        whole(path) as partial,
        pq.ParquetWriter(partial, schema, compression="zstd", use_dictionary=texts, column_encoding=encoding) as writer,
    ):
        for table in chain([first], iterator):
            writer.write_table(table.cast(schema))


def null(value: Any) -> Any:
    """The value, or None where it is NaN: a number that there is not is null in a table.

    >>> null(0.5), null(float("nan")), null("text")
    (0.5, None, 'text')
    """
    return None if isinstance(value, float) and math.isnan(value) else value


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Raises StoreError, with the file's name, where what is read within is missing or broken."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path}: found no readable Parquet file ({str(error).splitlines()[0]}).") from None


def read(path: Path, columns: list[str] | None = None) -> pa.Table:
    """The table in a file, or these columns of it. Raises StoreError, with the file's name, where it is missing or broken."""
    with readable(path):
        return pq.read_table(path, columns=columns)


def if_there(path: Path) -> pa.Table | None:
    """The table in a file; None where it is missing or broken."""
    try:
        return read(path)
    except StoreError:
        return None


def part(path: Path, columns: list[str] | None = None, **among: Iterable[Any]) -> pa.Table:
    """The rows of a table whose columns, by name, hold one of these values. Raises StoreError as `read` does."""
    wanted = {name: set(values) for name, values in among.items()}
    with readable(path):
        if not all(wanted.values()):  # of no value a filter does not know the type
            empty = pq.read_schema(path).empty_table()
            return empty.select(columns) if columns else empty
        return pq.read_table(path, columns=columns, filters=[(name, "in", values) for name, values in wanted.items()])


def count(path: Path) -> int:
    """How many rows a table has. Raises StoreError as `read` does."""
    with readable(path):
        return pq.read_metadata(path).num_rows


def footer(path: Path) -> dict[str, str]:
    """The entries of a table's footer. Raises StoreError as `read` does."""
    with readable(path):
        metadata = pq.read_metadata(path).metadata or {}
    return {key.decode(): value.decode() for key, value in metadata.items() if key != b"ARROW:schema"}
