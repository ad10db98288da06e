"""Parquet files: written whole or not at all, with a footer that says where they come from. Columns stand with their producers."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from creativity.errors import UserError

TEXT, SHORT, LONG, REAL, FLAG = pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.bool_()
RUN = {"subset": TEXT, "n": LONG, "denoiser": TEXT, "family": TEXT, "kind": TEXT, "seed": LONG}
MEASURE = {"measure": TEXT, "space": TEXT, "value": REAL, "low": REAL, "high": REAL, "count": LONG}
MODEL_KEY = "creativity"  # the one metadata key of a model file: several would be written in random order
NEIGHBOUR = {"space": TEXT, "rank": SHORT, "neighbour": TEXT, "mirrored": FLAG, "distance": REAL}


class StoreError(UserError):
    """A result file that is missing or is not what it should be; its text is one sentence."""


class Stamp(NamedTuple):
    """What a footer says of a file's origin."""

    campaign: str
    content_hash: str
    code_hash: str
    git_commit: str


def write(path: Path, types: Mapping[str, pa.DataType], rows: Sequence[Sequence[Any]], stamp: Stamp, **facts: str) -> None:
    """A table of rows with the given columns. Further facts go into the footer."""
    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, type=kind) for column, kind in zip(columns, types.values(), strict=True)]
    save(path, pa.table(arrays, schema=pa.schema(list(types.items()))), stamp, facts)


def write_images(
    path: Path, columns: Mapping[str, Sequence[Any] | NDArray[Any]], images: NDArray[Any], stamp: Stamp, **facts: str
) -> None:
    """A table with one image a row, as arrow.fixed_shape_tensor [c, h, w] in a last column."""
    shape = images.shape[1:]
    tensor = pa.fixed_shape_tensor(pa.from_numpy_dtype(images.dtype), shape)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(images.reshape(-1)), int(np.prod(shape)))
    columns = {name: values if isinstance(values, np.ndarray) else pa.array(values, TEXT) for name, values in columns.items()}
    extension = pa.ExtensionArray.from_storage(tensor, flat)
    save(path, pa.table({**columns, "image": extension}), stamp, facts)


def write_features(path: Path, space: str, rows: NDArray[np.float32], stamp: Stamp) -> None:
    """A table with the features of one image a row; the footer names their space."""
    kind = pa.list_(pa.float32(), rows.shape[1])
    flat = pa.FixedSizeListArray.from_arrays(pa.array(rows.reshape(-1)), type=kind)
    save(path, pa.table({"feature": flat}), stamp, {"space": space})


def features(path: Path) -> NDArray[np.float64]:
    """The rows of a file of features, [n, d]."""
    rows = read(path)["feature"].combine_chunks()
    return rows.flatten().to_numpy().reshape(len(rows), -1).astype(np.float64)


def save(path: Path, table: pa.Table, stamp: Stamp, facts: Mapping[str, str]) -> None:
    table = table.replace_schema_metadata({**stamp._asdict(), **facts})
    texts = [field.name for field in table.schema if field.type == TEXT]
    floats = (
        ["image.list.element"]
        if "image" in table.column_names and table.schema.field("image").type.value_type == pa.float32()
        else []
    )
    encoding = dict.fromkeys(floats, "BYTE_STREAM_SPLIT") or None
    with whole(path) as partial:
        pq.write_table(table, partial, compression="zstd", use_dictionary=texts, column_encoding=encoding)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name to write to; the file takes its own name once it is whole and on the disk.

    Raises StoreError where it cannot be written: nothing is left of it then, and an older file of its name stays as it was.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise StoreError(f"{path}: could not be written ({reason}).") from None
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    with whole(path) as partial:
        partial.write_text(text, encoding="utf-8")


def read(path: Path) -> pa.Table:
    """A table. Raises StoreError, with the file's name, where it is missing or broken."""
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path}: found no readable Parquet file ({str(error).splitlines()[0]}).") from None


def images(table: pa.Table) -> NDArray[Any]:
    """The image column as [n, c, h, w]."""
    return table["image"].combine_chunks().to_numpy_ndarray()


def to_unit(uint8: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Grey values 0..255 in the units of the denoisers, -1..1."""
    return (uint8.astype(np.float32) / 127.5 - 1).astype(np.float32)


def from_unit(pictures: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """The nearest of 256 grey values of images in -1..1, clipped."""
    return np.clip((pictures + 1) * 127.5, 0, 255).round().astype(np.uint8)


def units(path: Path) -> NDArray[np.float32]:
    """The images of a set file, [n, c, h, w] in -1..1."""
    return to_unit(images(read(path)))


def ids(path: Path) -> list[str]:
    return read(path)["id"].to_pylist()


def footer(path: Path) -> dict[str, str]:
    """What a table's footer says. Raises StoreError as `read` does."""
    try:
        metadata = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"{path}: found no readable Parquet file ({str(error).splitlines()[0]}).") from None
    return {key.decode(): value.decode() for key, value in metadata.items() if key != b"ARROW:schema"}


def digest(**parts: Any) -> str:
    """The hash of everything that determines a file's content."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write_samples(
    path: Path, pictures: NDArray[np.float32], finite: NDArray[np.bool_], stamp: Stamp, facts: dict[str, Any]
) -> None:
    """Samples as Parquet: sample, finite, image (float32 [c, h, w], unclipped). facts: of the run, as JSON in the footer."""
    columns = {"sample": np.arange(len(pictures)), "finite": finite}
    write_images(path, columns, pictures.astype(np.float32), stamp, run=json.dumps(facts, sort_keys=True))
