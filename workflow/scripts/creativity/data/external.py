"""Images that another model generated: a folder of image files, or a Parquet file with an image column."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, UnidentifiedImageError

from creativity import store
from creativity.campaign.sections import Dataset
from creativity.data.sets.image_folder import images_in
from creativity.data.source import DataError, Pixels, pixels, read_file


def count(where: Path, key: str) -> int:
    """How many images there are. Raises DataError, with the key, where there is none."""
    return len(images_in(where, key)) if where.is_dir() else len(column(where, key))


def fingerprint(where: Path, key: str) -> str:
    """A hash of the names and the contents of the images: another one under an old name is seen."""
    files = images_in(where, key) if where.is_dir() else [where]
    return store.digest(
        files=[(path.relative_to(where).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    )


def load(where: Path, dataset: Dataset, number: int, seed: int) -> tuple[list[str], Pixels]:
    """So many of the images, drawn at random and kept in order: their names, and uint8 [n, c, h, w] of the data set's size."""
    names, read = named(where)
    chosen = sorted(np.random.default_rng((2, seed)).permutation(len(names))[:number].tolist())
    return [names[i] for i in chosen], np.stack([pixels(read(i), dataset) for i in chosen])


def named(where: Path) -> tuple[list[str], Callable[[int], Image.Image]]:
    """The names of all images, and what reads one of them."""
    if where.is_dir():
        found = images_in(where, "path")
        return [path.relative_to(where).as_posix() for path in found], lambda i: read_file(found[i])
    rows = column(where, "path")
    return [f"row {i}" for i in range(len(rows))], lambda i: row_image(rows, i, where)


def column(path: Path, key: str) -> pa.ChunkedArray:
    """The column named image of a Parquet file. Raises DataError, with the key, where there is no such file or column."""
    try:
        names = pq.read_schema(path).names
        if "image" in names:
            return pq.read_table(path, columns=["image"])["image"]
    except (OSError, pa.ArrowException):
        allowed = "a folder of images, or a Parquet file with a column named image"
        raise DataError(f"{key}: found {str(path)!r}, which is neither folder nor Parquet file; allowed: {allowed}.") from None
    raise DataError(f"{key}: found the columns {', '.join(names)} in {str(path)!r}; allowed: one named image.")


def row_image(rows: pa.ChunkedArray, i: int, path: Path) -> Image.Image:
    """One row: an encoded image file, a map that holds one under bytes, or a tensor [c, h, w], uint8 or float in -1..1."""
    if isinstance(rows.type, pa.FixedShapeTensorType):
        return tensor_image(rows[i].to_numpy(), path, i)
    content: Any = rows[i].as_py()
    content = content.get("bytes") if isinstance(content, dict) else content
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return image.copy()
    except (TypeError, OSError, UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError):
        allowed = "an encoded image (PNG, JPEG, ...), a map with one under bytes, or a tensor [c, h, w]"
        raise DataError(f"{path}: found no image in row {i} of the column image; allowed: {allowed}.") from None


def tensor_image(array: np.ndarray, path: Path, i: int) -> Image.Image:
    if array.ndim != 3 or array.shape[0] not in (1, 3) or not np.isfinite(array).all():
        raise DataError(f"{path}: found a tensor of shape {list(array.shape)} in row {i}; allowed: finite [1 or 3, h, w].")
    if array.dtype != np.uint8:
        array = store.from_unit(array.astype(np.float64))
    return Image.fromarray(array[0] if len(array) == 1 else array.transpose(1, 2, 0))
