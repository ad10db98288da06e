"""Images in Parquet tables, one image a row.

Real images, which come from files, are stored as levels 0..255 (uint8). Samples, which denoisers draw, are stored as float32 in the
units of the denoisers, where -1 is black and 1 is white.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from creativity.store.columns import TEXT
from creativity.store.files import StoreError
from creativity.store.tables import Stamp, read, save, save_batches


def to_unit(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Levels 0..255 as numbers in -1..1: level / 127.5 - 1.

    >>> to_unit(np.array([0, 255], dtype=np.uint8)).tolist()
    [-1.0, 1.0]
    """
    return (levels.astype(np.float32) / 127.5 - 1).astype(np.float32)


def from_unit(pictures: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """The nearest levels 0..255 of numbers in -1..1; numbers beyond are clipped.

    >>> from_unit(np.array([-1.0, 0.001, 7.0])).tolist()
    [0, 128, 255]
    """
    return np.clip((pictures + 1) * 127.5, 0, 255).round().astype(np.uint8)


def image_table(columns: Mapping[str, Sequence[Any] | NDArray[Any]], images: NDArray[Any]) -> pa.Table:
    """A table with these columns and a last column `image`, an arrow.fixed_shape_tensor [c, h, w].

    columns: texts, or numbers as arrays. images: [n, c, h, w].
    """
    shape = images.shape[1:]
    tensor = pa.fixed_shape_tensor(pa.from_numpy_dtype(images.dtype), shape)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(images.reshape(-1)), int(np.prod(shape)))
    columns = {name: values if isinstance(values, np.ndarray) else pa.array(values, TEXT) for name, values in columns.items()}
    return pa.table({**columns, "image": pa.ExtensionArray.from_storage(tensor, flat)})


def write_images(
    path: Path, columns: Mapping[str, Sequence[Any] | NDArray[Any]], images: NDArray[Any], stamp: Stamp, **facts: str
) -> None:
    """Writes a table of images, with columns as in `image_table`. Raises as `whole` does. facts: further entries of the footer."""
    save(path, image_table(columns, images), stamp, facts)


def write_image_batches(path: Path, tables: Iterable[pa.Table], stamp: Stamp, **facts: str) -> None:
    """Writes tables of `image_table` one after another into one file, each as it comes. Raises as `whole` does.

    Raises StoreError where there is no table at all. facts: further entries of the footer.
    """
    save_batches(path, tables, stamp, facts)


def write_samples(
    path: Path, pictures: NDArray[np.float32], finite: NDArray[np.bool_], stamp: Stamp, facts: dict[str, Any]
) -> None:
    """Writes samples with the columns sample, finite and image (float32 [c, h, w], unclipped). Raises as `whole` does.

    pictures: [n, c, h, w]. finite: [n], whether a sample has neither NaN nor infinity. facts: of the run, as JSON in the footer.
    """
    columns = {"sample": np.arange(len(pictures)), "finite": finite}
    write_images(path, columns, pictures.astype(np.float32), stamp, run=json.dumps(facts, sort_keys=True))


def write_sample_batches(path: Path, batches: Iterable[NDArray[np.float32]], stamp: Stamp, facts: dict[str, Any]) -> None:
    """Writes finite samples as `write_samples` does, in batches [n, c, h, w], each as it comes."""
    write_image_batches(path, sample_tables(batches), stamp, run=json.dumps(facts, sort_keys=True))


def sample_tables(batches: Iterable[NDArray[np.float32]]) -> Iterator[pa.Table]:
    """Finite samples as tables with the columns sample, finite and image."""
    first = 0
    for pictures in batches:
        columns = {"sample": np.arange(first, first + len(pictures)), "finite": np.ones(len(pictures), dtype=bool)}
        yield image_table(columns, pictures.astype(np.float32))
        first += len(pictures)


def levels(table: pa.Table, name: object = "image") -> NDArray[np.uint8]:
    """The real images of a table as levels, [n, c, h, w]. Raises StoreError, with the name, where they are not uint8."""
    return column(table, np.uint8, "levels 0..255", name)


def pictures(table: pa.Table, name: object = "image") -> NDArray[np.float32]:
    """The samples of a table, [n, c, h, w]. Raises StoreError, with the name, where they are not float32."""
    return column(table, np.float32, "float32 in -1..1", name)


def column(table: pa.Table, kind: type, allowed: str, name: object) -> NDArray[Any]:
    """The column `image` as an array [n, c, h, w]. Raises StoreError, with the name, where it is not of this type."""
    images: NDArray[Any] = table["image"].combine_chunks().to_numpy_ndarray()
    if images.dtype != kind:
        raise StoreError(f"{name}: found images of type {images.dtype}; allowed: {allowed}.")
    return images


def units(path: Path) -> NDArray[np.float32]:
    """The real images of a file, [n, c, h, w] in -1..1. Raises StoreError where it cannot be read or holds samples."""
    return to_unit(levels(read(path), path))


def finite_samples(path: Path) -> NDArray[np.float32]:
    """The samples in a file without NaN or infinity, [n, c, h, w]. Raises StoreError where it is broken or holds real images."""
    table = read(path)
    return pictures(table, path)[table["finite"].to_numpy()]


def ids(path: Path) -> list[str]:
    """The ids of the real images of a file, in the order of its rows. Raises StoreError where it cannot be read."""
    return read(path)["id"].to_pylist()
