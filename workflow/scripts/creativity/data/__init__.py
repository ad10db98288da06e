"""Data sets: image files, published collections and synthetic targets, all read as square images of one size.

Each data set is one module of `sets`, with functions `load(dataset) -> Source` and `count(dataset) -> int`.
"""

from importlib import import_module
from typing import Any, NamedTuple

from creativity.campaign.sections import Campaign, Dataset, Features
from creativity.data.collection import Collection, collect, remarks
from creativity.data.counts import Available, check_counts, numbered
from creativity.data.sets import image_folder
from creativity.data.sets.image_folder import Sides, folder_of
from creativity.data.source import DataError, Source, collected, listing
from creativity.errors import UserError
from creativity.families.external import External
from creativity.fields import ImpossibleError


def load(dataset: Dataset) -> Source:
    """The images of a data set, to be read one by one. Raises DataError where they are missing and cannot be downloaded."""
    return loader(dataset).load(dataset)


def count(dataset: Dataset) -> int:
    """Number of images in a data set, without reading any. Raises DataError where local files are missing."""
    return int(loader(dataset).count(dataset))


def loader(dataset: Dataset) -> Any:
    """The module of `sets` that loads a data set."""
    return import_module(f"creativity.data.sets.{dataset.name.replace('-', '_')}")


class Planned(NamedTuple):
    """What is known of a campaign before its first job.

    campaign: with a number wherever as many images as there are were asked for. images: a hash that changes with the contents of an
    image folder; None for data sets whose images never change. samples: {name in `denoisers`: hash of the contents} of the external
    models. notes: what a user should know, a sentence each.
    """

    campaign: Campaign
    images: str | None
    samples: dict[str, str]
    notes: list[str]


def planned(campaign: Campaign, source: str) -> Planned:
    """Looks at the images of a campaign and compares its settings with them. source: the name of the campaign file.

    Raises DataError, with a sentence for each mistake, where images are missing or cannot be read, where more are needed than
    exist, where a split by group is asked of a data set without groups, where a data set with repeated images is used without
    dataset.repeats, or where weights are missing.
    """
    problems: list[str] = []
    dataset = campaign.dataset
    sides = collected(problems, lambda: image_folder.sides(dataset)) if dataset.name == "image-folder" else None
    models = {
        name: collected(problems, lambda name=name, family=family: collected_samples(name, family))  # type: ignore[misc]
        for name, family in campaign.denoisers.items()
        if isinstance(family, External)
    }
    for check in (check_weights, check_kind):
        collected(problems, lambda check=check: check(campaign))  # type: ignore[misc]
    available = collected(problems, lambda: available_in(dataset, sides)) if sides or dataset.name != "image-folder" else None
    if available is None or None in models.values():
        raise problems_of(problems, source)
    samples: dict[str, Collection] = {name: model for name, model in models.items() if model is not None}
    known = {name: len(model.names) for name, model in samples.items()}
    complete = collected(problems, lambda: numbered(campaign, available, known, source))
    if complete is not None:
        collected(problems, lambda: check_counts(complete, available))
        for name, number in known.items():
            collected(problems, lambda name=name, number=number: check_external(complete, name, number, available))  # type: ignore[misc]
    if problems or complete is None:
        raise problems_of(problems, source)
    notes = notes_of(complete, sides, samples)
    images = image_folder.fingerprint(sides) if sides else None
    return Planned(complete, images, {name: model.fingerprint for name, model in samples.items()}, notes)


def problems_of(problems: list[str], source: str) -> DataError:
    """All that is wrong as one error, a line for each sentence."""
    lines = [line for text in problems for line in text.splitlines()]
    begun = [line if line.startswith(f"{source}: ") else f"{source}: {line}" for line in lines]
    return DataError("\n".join(line if line.endswith(".") else f"{line}." for line in begun))


def collected_samples(name: str, family: External) -> Collection:
    """The images of an external model."""
    return collect(folder_of(family.path), f"denoisers.{name}.path", family.range)


def available_in(dataset: Dataset, sides: Sides | None) -> Available:
    """How many images there are for each set."""
    if sides is None:
        number = count(dataset)
        return Available(None, number, number)
    others = [sides.other.seen[i].digest for i in sides.others]
    trained = None if sides.train is None else len(sides.train.names)
    if dataset.repeats:
        return Available(trained, len(others), len(others))
    return Available(trained, len(others), len(set(others) - sides.trained))


def notes_of(campaign: Campaign, sides: Sides | None, samples: dict[str, Collection]) -> list[str]:
    """What a user should know of the images of a campaign, a sentence each."""
    notes = image_folder.remarks_of(sides, campaign.dataset) if sides else []
    if sides and sides.train and not campaign.dataset.repeats:
        names = [sides.other.names[i] for i in sides.others if sides.other.seen[i].digest in sides.trained]
        if names:
            notes.append(f"dataset.path: {listing(names, 'image')}, equal to images in dataset.train and left out.")
    for name, model in samples.items():
        notes += [*model.notes, *remarks(model.seen, f"denoisers.{name}.path", campaign.dataset)]
    return notes


def check_kind(campaign: Campaign) -> None:
    """Raises ImpossibleError where a data set has no groups to split by, or repeats images without the campaign saying so."""
    name = campaign.dataset.name
    if campaign.subsets.split == "group" and not getattr(loader(campaign.dataset), "GROUPS", False):
        raise ImpossibleError("subsets.split", "group", f"image, since {name} knows no groups")
    if getattr(loader(campaign.dataset), "REPEATS", False) and not campaign.dataset.repeats:
        raise ImpossibleError("dataset.repeats", False, f"true, since the images of {name} repeat")


def check_weights(campaign: Campaign) -> None:
    """Raises ImpossibleError where the file features.weights, of a feature extractor, does not exist."""
    features: Features = campaign.features
    if features.weights is not None and not folder_of(features.weights).is_file():
        allowed = f"a file, the weights of {features.extractor}; docs/measures.md says where to fetch them"
        raise ImpossibleError("features.weights", features.weights, allowed)


def check_external(campaign: Campaign, name: str, number: int, available: Available) -> None:
    """Raises ImpossibleError where an external model has too few images, or may have been trained on images outside the subset."""
    own: int | None = getattr(campaign.denoisers[name], "count", None)
    if own is not None and own > number:
        raise ImpossibleError(f"denoisers.{name}.count", own, f"at most {number}, the images in denoisers.{name}.path")
    if own is None and campaign.sampling.count > number:
        allowed = f"at most {number}, the images in denoisers.{name}.path: all sets that are compared have the same number"
        raise ImpossibleError("sampling.count", campaign.sampling.count, allowed)
    if available.trained is not None and list(campaign.subsets.sizes) != [available.trained]:
        allowed = f"[{available.trained}] or [all], all images in dataset.train, since {name} may have learned any of them"
        raise ImpossibleError("subsets.sizes", list(campaign.subsets.sizes), allowed)


__all__ = ["DataError", "Planned", "Source", "UserError", "count", "load", "planned"]
