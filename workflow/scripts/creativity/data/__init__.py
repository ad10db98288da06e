"""Images from many places, brought to one shape: one loader a data set, each `load(config) -> Source`."""

from importlib import import_module
from typing import Any

from creativity.campaign.sections import Campaign, Dataset, Features
from creativity.data import external
from creativity.data.sets.image_folder import folder_of
from creativity.data.source import DataError, Source
from creativity.families.external import External
from creativity.fields import ImpossibleError


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
    return import_module(f"creativity.data.sets.{dataset.name.replace('-', '_')}")


def check(campaign: Campaign) -> None:
    """Raises ImpossibleError where a campaign needs more images than there are, groups that are not known, or no repeats."""
    needed, have = campaign.subsets.needed(), count(campaign.dataset)
    check_external(campaign)
    check_weights(campaign.features)
    if campaign.dataset.train is not None:
        check_sides(campaign)
    elif needed > have:
        allowed = (
            f"at most {have - needed + max(campaign.subsets.sizes)} beside the held-out and reference images, of {have} in all"
        )
        raise ImpossibleError("subsets.sizes", list(campaign.subsets.sizes), allowed)
    if campaign.subsets.split == "group" and not getattr(loader(campaign.dataset), "GROUPS", False):
        raise ImpossibleError("subsets.split", "group", f"image, since {campaign.dataset.name} knows no groups")
    if getattr(loader(campaign.dataset), "REPEATS", False) and not campaign.dataset.repeats:
        raise ImpossibleError("dataset.repeats", False, f"true, since the images of {campaign.dataset.name} repeat")


def check_weights(features: Features) -> None:
    """Raises ImpossibleError where the weights of a network for features are not there."""
    if features.weights is not None and not folder_of(features.weights).is_file():
        allowed = f"a file, the weights of {features.extractor}; docs/measures.md says where to fetch them"
        raise ImpossibleError("features.weights", features.weights, allowed)


def check_sides(campaign: Campaign) -> None:
    """Raises ImpossibleError where the folders of trained and of other images hold too few."""
    subsets, trained = campaign.subsets, len(loader(campaign.dataset).trained_on(campaign.dataset))
    others, needed = count(campaign.dataset) - trained, subsets.heldout + subsets.reference
    if needed > others:
        allowed = f"at most {others - subsets.heldout} beside {subsets.heldout} held-out images, of {others} in dataset.path"
        raise ImpossibleError("subsets.reference", subsets.reference, allowed)
    if subsets.needed() - needed > trained:
        raise ImpossibleError("subsets.sizes", list(subsets.sizes), f"at most {trained} training images, those in dataset.train")


def check_external(campaign: Campaign) -> None:
    """Raises ImpossibleError where another model's images are too few, or where images it may have learned are not searched."""
    for name, family in campaign.denoisers.items():
        if not isinstance(family, External):
            continue
        have = external.count(folder_of(family.path), f"denoisers.{name}.path")
        if campaign.sampling.count > have:
            allowed = f"at most {have}, the images in denoisers.{name}.path: all sets that are compared have the same number"
            raise ImpossibleError("sampling.count", campaign.sampling.count, allowed)
        if campaign.dataset.train is not None:
            trained = len(loader(campaign.dataset).trained_on(campaign.dataset))
            if list(campaign.subsets.sizes) != [trained]:
                allowed = f"[{trained}], all images in dataset.train, since {name} may have learned any of them"
                raise ImpossibleError("subsets.sizes", list(campaign.subsets.sizes), allowed)


def external_fingerprints(campaign: Campaign) -> dict[str, str]:
    """A hash of the contents of each other model's images, by the denoiser's name."""
    return {
        name: external.fingerprint(folder_of(family.path), f"denoisers.{name}.path")
        for name, family in campaign.denoisers.items()
        if isinstance(family, External)
    }


__all__ = ["DataError", "Source", "check", "count", "external_fingerprints", "fingerprint", "load"]
