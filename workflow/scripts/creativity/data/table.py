"""Images in Parquet files: a column named image, as this project, Hugging Face's datasets, pandas or polars write it.

A row is an encoded image, a map with one under `bytes`, a tensor, or nested lists of numbers.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from creativity.data.arrays import Numbers, seen_array
from creativity.data.decode import Seen, decoded, reason, seen
from creativity.data.examined import Examined
from creativity.data.source import DataError
from creativity.data.values import channels_last, to_levels
from creativity.fields import Range

COLUMN, LABEL = "image", "label"
ALLOWED = "an encoded image (PNG, JPEG, ...), a map with one under bytes, a tensor, or nested lists of numbers"
Cell = bytes | NDArray[Any]


def open_table(path: Path) -> pq.ParquetFile:
    """A Parquet file with a column named image. Raises DataError, without a name, where it is none."""
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, PermissionError):
            raise
        raise DataError("found neither a folder nor a Parquet, .npy or .npz file") from None
    names = file.schema_arrow.names
    if COLUMN not in names:
        raise DataError(f"found the columns {', '.join(names) or '(none)'}; allowed: one named image")
    return file


def examine_table(path: Path) -> Examined:
    """What a Parquet file holds."""
    sha256 = ""
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return Examined(sha256, *looked_through(open_table(path)))
    except DataError as error:
        return Examined(sha256, [], [("", str(error))])
    except (OSError, pa.ArrowException) as error:
        return Examined(sha256, [], [("", reason(error))], None, bool(sha256))


def looked_through(file: pq.ParquetFile) -> tuple[list[Seen], list[tuple[str, str]], tuple[str, float, float] | None]:
    """What the rows of a Parquet file show, which of them are broken and why, and the limits of their numbers."""
    images: list[Seen] = []
    broken: list[tuple[str, str]] = []
    numbers = Numbers()
    rows = (rows for batch in file.iter_batches(256, columns=[COLUMN]) for rows in cells(batch.column(0)))
    for i, cell in enumerate(rows):
        try:
            if isinstance(cell, DataError):
                raise cell
            images.append(seen(cell) if isinstance(cell, bytes) else seen_array(cell))
            if not isinstance(cell, bytes) and not numbers.add(cell):
                raise DataError("NaN or infinity")
        except DataError as error:
            broken.append((f"row {i}", str(error).split(";")[0].removeprefix("found ")))
    return images, broken, numbers.summary


def cells(column: pa.Array) -> Iterator[Cell | DataError]:
    """The rows of a column: encoded images and arrays; or the error, without a name, of a row that is neither."""
    if isinstance(column.type, pa.FixedShapeTensorType):
        yield from column.to_numpy_ndarray()
        return
    if isinstance(column.type, pa.ExtensionType):
        column = column.storage
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_struct(column.type) and column.type.get_field_index("bytes") >= 0:
        column = column.field("bytes")
    for i in range(len(column)):
        try:
            yield cell_of(column[i])
        except DataError as error:
            yield error


def cell_of(value: pa.Scalar) -> Cell:
    """One row as encoded image or array. Raises DataError, without a name, where it is neither."""
    if not value.is_valid:
        raise DataError("found no value (a path alone is not enough)")
    if hasattr(value, "as_buffer"):
        return bytes(value.as_buffer())
    if not hasattr(value, "values"):
        raise DataError(f"found {value.type}; allowed: {ALLOWED}")
    shape, inner = [], value.values
    shape.append(len(inner))
    while hasattr(inner, "value_lengths") or pa.types.is_fixed_size_list(inner.type):
        if inner.null_count:
            raise DataError("found lists with gaps")
        lengths = set(inner.value_lengths().to_pylist())
        if len(lengths) != 1:
            raise DataError("found lists of different lengths, or empty ones")
        shape.append(lengths.pop())
        inner = inner.flatten()
    if not (pa.types.is_integer(inner.type) or pa.types.is_floating(inner.type)) or inner.null_count:
        raise DataError(f"found lists of {inner.type}, or with gaps; allowed: {ALLOWED}")
    array: NDArray[Any] = inner.to_numpy(zero_copy_only=False).reshape(shape)
    channels_last(array)
    return array


class Tables:
    """The rows of several Parquet files, one after another, as images."""

    def __init__(self, paths: Sequence[Path], values: Range) -> None:
        columns = [pq.read_table(path, columns=[COLUMN])[COLUMN] for path in paths]
        self.chunks = [chunk for column in columns for chunk in column.chunks]
        self.starts = np.cumsum([0, *(len(chunk) for chunk in self.chunks)])
        self.values = values

    def read(self, i: int) -> Image.Image:
        """The image of a row. Raises DataError, without a name, where it cannot be decoded."""
        place = int(np.searchsorted(self.starts, i, side="right")) - 1
        row = i - int(self.starts[place])
        cell = next(cells(self.chunks[place].slice(row, 1)))
        if isinstance(cell, DataError):
            raise cell
        if isinstance(cell, bytes):
            return decoded(cell, self.values)
        return Image.fromarray(to_levels(channels_last(cell), self.values))


def labels_in(paths: Sequence[Path]) -> list[str | None]:
    """The column `label` of several Parquet files as texts; None for rows without one."""
    labels: list[str | None] = []
    for path in paths:
        file = pq.ParquetFile(path)
        has_labels = LABEL in file.schema_arrow.names
        rows: list[Any] = file.read([LABEL])[LABEL].to_pylist() if has_labels else [None] * file.metadata.num_rows
        labels += [None if row is None else str(row) for row in rows]
    return labels
