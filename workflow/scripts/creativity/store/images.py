"""Images in tables: sets of real images as 256 levels, samples as floating-point numbers, and the way between the two."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from creativity.store.columns import TEXT
from creativity.store.files import StoreError
from creativity.store.tables import Stamp, read, save


def to_unit(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Levels 0..255 in the units of the denoisers, -1..1.

    >>> to_unit(np.array([0, 255], dtype=np.uint8)).tolist()
    [-1.0, 1.0]
    """
    return (levels.astype(np.float32) / 127.5 - 1).astype(np.float32)


def from_unit(pictures: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """The nearest of 256 levels of images in -1..1, clipped.

    >>> from_unit(np.array([-1.0, 0.001, 7.0])).tolist()
    [0, 128, 255]
    """
    return np.clip((pictures + 1) * 127.5, 0, 255).round().astype(np.uint8)


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


def write_samples(
    path: Path, pictures: NDArray[np.float32], finite: NDArray[np.bool_], stamp: Stamp, facts: dict[str, Any]
) -> None:
    """Samples as Parquet: sample, finite, image (float32 [c, h, w], unclipped). facts: of the run, as JSON in the footer."""
    columns = {"sample": np.arange(len(pictures)), "finite": finite}
    write_images(path, columns, pictures.astype(np.float32), stamp, run=json.dumps(facts, sort_keys=True))


def levels(table: pa.Table, name: object = "image") -> NDArray[np.uint8]:
    """The images of a set, [n, c, h, w]. Raises StoreError, with the name, where they are no levels 0..255: samples are not."""
    return column(table, np.uint8, "levels 0..255", name)


def pictures(table: pa.Table, name: object = "image") -> NDArray[np.float32]:
    """The images of samples, [n, c, h, w]. Raises StoreError, with the name, where they are no float32: those of a set are not."""
    return column(table, np.float32, "float32 in -1..1", name)


def column(table: pa.Table, kind: type, allowed: str, name: object) -> NDArray[Any]:
    """The image column as an array of this type."""
    images: NDArray[Any] = table["image"].combine_chunks().to_numpy_ndarray()
    if images.dtype != kind:
        raise StoreError(f"{name}: found images of type {images.dtype}; allowed: {allowed}.")
    return images


def units(path: Path) -> NDArray[np.float32]:
    """The images of a set file, [n, c, h, w] in -1..1. Raises StoreError where the file holds samples."""
    return to_unit(levels(read(path), path))


def finite_samples(path: Path) -> NDArray[np.float32]:
    """The samples of a file that have no NaN and no infinity, [n, c, h, w]. Raises StoreError where the file holds a set."""
    table = read(path)
    return pictures(table, path)[table["finite"].to_numpy()]


def ids(path: Path) -> list[str]:
    """The ids of a set, in order."""
    return read(path)["id"].to_pylist()
