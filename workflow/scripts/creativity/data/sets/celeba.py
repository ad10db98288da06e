"""The data set `celeba`: the 162,770 aligned training faces of CelebA (Liu et al. 2015), through torchvision."""

from pathlib import Path

from creativity.campaign.sections import Dataset
from creativity.data.decode import read_file
from creativity.data.source import Source, torchvision_missing, torchvision_root

GROUPS, REPEATS = True, False


def count(dataset: Dataset) -> int:
    return 162_770


def load(dataset: Dataset) -> Source:
    """The training faces; label and group are the identity. Raises DataError where they cannot be downloaded."""
    from torchvision.datasets import CelebA

    try:
        data = CelebA(str(torchvision_root(dataset)), split="train", target_type="identity", download=True)
    except (RuntimeError, OSError, ImportError) as error:
        raise torchvision_missing("CelebA", dataset, error) from None
    folder = Path(data.root) / data.base_folder / "img_align_celeba"
    people = [str(int(person)) for person in data.identity.flatten()]
    return Source(data.filename, people, people, lambda i: read_file(folder / data.filename[i]))
