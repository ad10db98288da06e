"""The data set `mnist`: the 60,000 training images of MNIST (LeCun et al. 1998), from IDX files or through torchvision."""

import gzip
from pathlib import Path

import numpy as np
from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.source import DataError, Source, torchvision_missing, torchvision_root

GROUPS = REPEATS = False
IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"


def count(dataset: Dataset) -> int:
    return 60_000


def load(dataset: Dataset) -> Source:
    """The training images; the label is the digit. Raises DataError where they cannot be downloaded."""
    folder = torchvision_root(dataset)
    if holds_idx(folder):
        return from_idx(folder)
    from torchvision.datasets import MNIST

    try:
        data = MNIST(str(folder), train=True, download=True)
    except (RuntimeError, OSError) as error:
        raise torchvision_missing("MNIST", dataset, error) from None
    return from_arrays(data.data.numpy(), data.targets.numpy())


def holds_idx(folder: Path) -> bool:
    """Whether the training images lie in the folder themselves, as they are distributed."""
    return any((folder / f"{IMAGES}{end}").is_file() for end in ("", ".gz"))


def from_idx(folder: Path) -> Source:
    """Images and labels in IDX files. Raises DataError where they cannot be read."""
    return from_arrays(idx(folder, IMAGES), idx(folder, LABELS))


def from_arrays(images: np.ndarray, labels: np.ndarray) -> Source:
    """A source over images in memory, uint8 [n, h, w] or [n, h, w, 3], with their labels [n]."""
    ids = [f"train/{i}" for i in range(len(images))]
    return Source(ids, [str(label) for label in labels], None, lambda i: Image.fromarray(images[i]))


def idx(folder: Path, name: str) -> np.ndarray:
    """The uint8 array in an IDX file, plain or gzipped. Raises DataError where it cannot be read.

    The format: a magic number whose last byte is the number of dimensions, a big-endian uint32 for each dimension, the values.
    """
    plain, packed = folder / name, folder / f"{name}.gz"
    try:
        content = plain.read_bytes() if plain.is_file() else gzip.decompress(packed.read_bytes())
        dimensions = content[3]
        shape = np.frombuffer(content, ">u4", dimensions, offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise DataError(f"{folder / name}: found no readable IDX file ({error}).") from None
