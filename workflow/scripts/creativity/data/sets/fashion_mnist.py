"""The data set `fashion-mnist`: the 60,000 training images of Fashion-MNIST (Xiao et al. 2017).

They are read from IDX files, those of Debian's package dataset-fashion-mnist where it is installed, else through torchvision.
"""

from pathlib import Path

from creativity.campaign.sections import Dataset
from creativity.data.sets.mnist import from_arrays, from_idx, holds_idx
from creativity.data.source import Source, torchvision_missing, torchvision_root

GROUPS = REPEATS = False
DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def count(dataset: Dataset) -> int:
    return 60_000


def load(dataset: Dataset) -> Source:
    """The training images; the label is the kind of garment, 0 to 9. Raises DataError where they cannot be downloaded."""
    folder = torchvision_root(dataset)
    for place in (folder,) if dataset.path else (folder, DEBIAN):
        if holds_idx(place):
            return from_idx(place)
    from torchvision.datasets import FashionMNIST

    try:
        data = FashionMNIST(str(folder), train=True, download=True)
    except (RuntimeError, OSError) as error:
        raise torchvision_missing("Fashion-MNIST", dataset, error) from None
    return from_arrays(data.data.numpy(), data.targets.numpy())
