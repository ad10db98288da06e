"""The data set `cifar10`: the 50,000 training images of CIFAR-10 (Krizhevsky 2009), through torchvision."""

import numpy as np

from creativity.campaign.sections import Dataset
from creativity.data.sets.mnist import from_arrays
from creativity.data.source import Source, torchvision_missing, torchvision_root

GROUPS = REPEATS = False


def count(dataset: Dataset) -> int:
    return 50_000


def load(dataset: Dataset) -> Source:
    """The training images; the label is the class, 0 to 9. Raises DataError where they cannot be downloaded."""
    from torchvision.datasets import CIFAR10

    try:
        data = CIFAR10(str(torchvision_root(dataset)), train=True, download=True)
    except (RuntimeError, OSError) as error:
        raise torchvision_missing("CIFAR-10", dataset, error) from None
    return from_arrays(data.data, np.asarray(data.targets))
