"""Data sets: image files, published collections and synthetic targets, all read as square images of one size.

Each data set is one module of `sets`, with functions `load(dataset) -> Source` and `count(dataset) -> int`.
"""

from importlib import import_module
from typing import Any

from creativity.campaign.sections import Campaign, Dataset, Features
from creativity.data import external
from creativity.data.sets.image_folder import folder_of
from creativity.data.source import DataError, Source
from creativity.families.external import External
from creativity.fields import ImpossibleError


def load(dataset: Dataset) -> Source:
    """The images of a data set, to be read one by one. Raises DataError where they are missing and cannot be downloaded."""
    return loader(dataset).load(dataset)


def count(dataset: Dataset) -> int:
    """Number of images in a data set, without reading any. Raises DataError where local files are missing."""
    return int(loader(dataset).count(dataset))


def fingerprint(dataset: Dataset) -> str | None:
    """A hash that changes with the image files of an image folder; None for data sets whose images never change."""
    return loader(dataset).fingerprint(dataset) if dataset.name == "image-folder" else None


def loader(dataset: Dataset) -> Any:
    """The module of `sets` that loads a data set."""
    return import_module(f"creativity.data.sets.{dataset.name.replace('-', '_')}")


def check(campaign: Campaign) -> None:
    """Compares a campaign's settings with its data set.

    Raises ImpossibleError where more images are needed than exist, where a split by group is asked of a data set without groups,
    where a data set with repeated images is used without dataset.repeats, or where external images or weights are missing.
    """
    needed, available = campaign.subsets.needed(), count(campaign.dataset)
    check_external(campaign)
    check_weights(campaign.features)
    if campaign.dataset.train is not None:
        check_sides(campaign)
    elif needed > available:
        largest = available - needed + max(campaign.subsets.sizes)
        allowed = f"at most {largest} beside the held-out and reference images, of {available} in all"
        raise ImpossibleError("subsets.sizes", list(campaign.subsets.sizes), allowed)
    if campaign.subsets.split == "group" and not getattr(loader(campaign.dataset), "GROUPS", False):
        raise ImpossibleError("subsets.split", "group", f"image, since {campaign.dataset.name} knows no groups")
    if getattr(loader(campaign.dataset), "REPEATS", False) and not campaign.dataset.repeats:
        raise ImpossibleError("dataset.repeats", False, f"true, since the images of {campaign.dataset.name} repeat")


def check_weights(features: Features) -> None:
    """Raises ImpossibleError where the file features.weights, of a feature extractor, does not exist."""
    if features.weights is not None and not folder_of(features.weights).is_file():
        allowed = f"a file, the weights of {features.extractor}; docs/measures.md says where to fetch them"
        raise ImpossibleError("features.weights", features.weights, allowed)


def check_sides(campaign: Campaign) -> None:
    """Raises ImpossibleError where dataset.train has too few training images, or dataset.path too few of the others."""
    subsets, trained = campaign.subsets, len(loader(campaign.dataset).trained_on(campaign.dataset))
    others, needed = count(campaign.dataset) - trained, subsets.heldout + subsets.reference
    if needed > others:
        allowed = f"at most {others - subsets.heldout} beside {subsets.heldout} held-out images, of {others} in dataset.path"
        raise ImpossibleError("subsets.reference", subsets.reference, allowed)
    if subsets.needed() - needed > trained:
        raise ImpossibleError("subsets.sizes", list(subsets.sizes), f"at most {trained} training images, those in dataset.train")


def check_external(campaign: Campaign) -> None:
    """Raises ImpossibleError where an external model has too few images, or may have been trained on images outside the subset."""
    for name, family in campaign.denoisers.items():
        if not isinstance(family, External):
            continue
        available = external.count(folder_of(family.path), f"denoisers.{name}.path")
        if campaign.sampling.count > available:
            allowed = f"at most {available}, the images in denoisers.{name}.path: all sets that are compared have the same number"
            raise ImpossibleError("sampling.count", campaign.sampling.count, allowed)
        if campaign.dataset.train is not None:
            trained = len(loader(campaign.dataset).trained_on(campaign.dataset))
            if list(campaign.subsets.sizes) != [trained]:
                allowed = f"[{trained}], all images in dataset.train, since {name} may have learned any of them"
                raise ImpossibleError("subsets.sizes", list(campaign.subsets.sizes), allowed)


def external_fingerprints(campaign: Campaign) -> dict[str, str]:
    """{name in `denoisers`: hash of the image contents} for all external models of a campaign."""
    return {
        name: external.fingerprint(folder_of(family.path), f"denoisers.{name}.path")
        for name, family in campaign.denoisers.items()
        if isinstance(family, External)
    }


__all__ = ["DataError", "Source", "check", "count", "external_fingerprints", "fingerprint", "load"]
