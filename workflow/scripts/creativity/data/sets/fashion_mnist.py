"""The data set `fashion-mnist`: the 60,000 training images of Fashion-MNIST (Xiao et al. 2017).

They are read from Debian's package dataset-fashion-mnist where it is installed, else through torchvision.
"""

import gzip
from pathlib import Path

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.sets.mnist import from_arrays
from creativity.data.source import DataError, Source, torchvision_missing, torchvision_root

GROUPS = REPEATS = False
DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def count(dataset: Dataset) -> int:
    return 60_000


def load(dataset: Dataset) -> Source:
    """The training images; the label is the kind of garment, 0 to 9. Raises DataError where they cannot be downloaded."""
    if DEBIAN.is_dir() and dataset.path is None:
        return from_arrays(idx(DEBIAN, "train-images-idx3-ubyte"), idx(DEBIAN, "train-labels-idx1-ubyte"))
    from torchvision.datasets import FashionMNIST

    try:
        data = FashionMNIST(str(torchvision_root(dataset)), train=True, download=True)
    except (RuntimeError, OSError) as error:
        raise torchvision_missing("Fashion-MNIST", dataset, error) from None
    return from_arrays(data.data.numpy(), data.targets.numpy())


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
