"""The data set `mnist`: the 60,000 training images of MNIST (LeCun et al. 1998), through torchvision."""

import numpy as np
from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.source import Source, torchvision_missing, torchvision_root

GROUPS = REPEATS = False


def count(dataset: Dataset) -> int:
    return 60_000


def load(dataset: Dataset) -> Source:
    """The training images; the label is the digit. Raises DataError where they cannot be downloaded."""
    from torchvision.datasets import MNIST

    try:
        data = MNIST(str(torchvision_root(dataset)), train=True, download=True)
    except (RuntimeError, OSError) as error:
        raise torchvision_missing("MNIST", dataset, error) from None
    return from_arrays(data.data.numpy(), data.targets.numpy())


def from_arrays(images: np.ndarray, labels: np.ndarray) -> Source:
    """A source over images in memory, uint8 [n, h, w] or [n, h, w, 3], with their labels [n]."""
    ids = [f"train/{i}" for i in range(len(images))]
    return Source(ids, [str(label) for label in labels], None, lambda i: Image.fromarray(images[i]))
