"""Fashion-MNIST's 60,000 training images (Xiao et al. 2017): Debian's dataset-fashion-mnist where installed, else torchvision's."""

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
    """The training images, with the kind of garment (0 to 9) as label."""
    if DEBIAN.is_dir() and dataset.path is None:
        return from_arrays(idx(DEBIAN, "train-images-idx3-ubyte"), idx(DEBIAN, "train-labels-idx1-ubyte"))
    from torchvision.datasets import FashionMNIST

    try:
        data = FashionMNIST(str(torchvision_root(dataset)), train=True, download=True)
    except (RuntimeError, OSError) as error:
        raise torchvision_missing("Fashion-MNIST", dataset, error) from None
    return from_arrays(data.data.numpy(), data.targets.numpy())


def idx(folder: Path, name: str) -> np.ndarray:
    """An IDX file of bytes: magic number, one big-endian uint32 a dimension, the values; gzipped or plain."""
    plain, packed = folder / name, folder / f"{name}.gz"
    try:
        content = plain.read_bytes() if plain.is_file() else gzip.decompress(packed.read_bytes())
        dimensions = content[3]
        shape = np.frombuffer(content, ">u4", dimensions, offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
    except (OSError, EOFError, ValueError, IndexError) as error:
        raise DataError(f"{folder / name}: found no readable IDX file ({error}).") from None
