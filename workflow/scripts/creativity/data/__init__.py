"""Images from many places, brought to one shape: one loader a data set, each `load(config) -> Source`."""

from importlib import import_module
from typing import Any

from creativity.config import Campaign, Dataset, ImpossibleError
from creativity.data.source import DataError, Source


def load(dataset: Dataset) -> Source:
    """The images of a data set, not yet read. Raises DataError where they cannot be found."""
    return loader(dataset).load(dataset)


def count(dataset: Dataset) -> int:
    """How many images a data set has, told without reading one. Raises DataError where they cannot be found."""
    return int(loader(dataset).count(dataset))


def fingerprint(dataset: Dataset) -> str | None:
    """A hash of which images there are, where that may change under one name; None where it cannot."""
    return loader(dataset).fingerprint(dataset) if dataset.name == "image-folder" else None


def loader(dataset: Dataset) -> Any:
    """The module of a data set."""
    return import_module(f"creativity.data.{dataset.name.replace('-', '_')}")


def check(campaign: Campaign) -> None:
    """Raises ImpossibleError where a campaign needs more images than there are, groups that are not known, or no repeats."""
    needed, have = campaign.subsets.needed, count(campaign.dataset)
    if needed > have:
        allowed = (
            f"at most {have - needed + max(campaign.subsets.sizes)} beside the held-out and reference images, of {have} in all"
        )
        raise ImpossibleError("subsets.sizes", list(campaign.subsets.sizes), allowed)
    if campaign.subsets.split == "group" and not loader(campaign.dataset).GROUPS:
        raise ImpossibleError("subsets.split", "group", f"image, since {campaign.dataset.name} knows no groups")
    if loader(campaign.dataset).REPEATS and not campaign.dataset.repeats:
        raise ImpossibleError("dataset.repeats", False, f"true, since the images of {campaign.dataset.name} repeat")


__all__ = ["DataError", "Source", "check", "count", "fingerprint", "load"]
