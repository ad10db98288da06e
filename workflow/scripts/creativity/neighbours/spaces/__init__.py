"""The spaces in which distances between images are measured, such as pixels or principal components: one file each, of its name.

Most have `rows(pictures) -> Vectors`, which maps images [n, c, h, w] to rows [n, d], whose Euclidean distances are the distances in
that space. One that needs fitting has `fit(reference) -> Fitted`, too: arrays, worked out once a campaign, that `rows` takes by
name. Where a distance is no distance of rows, such as the least over many views of an image, the file has
`search(queries, train, k, itself, product) -> Neighbours` in their place: samples are then measured there one by one, and not as a
set. `PARTS = True` says that an image is near where a part of it is, so that to be near there is to be a part copy.

Features of a network that others trained are a space, too, named as the extractor: they are read from files of features.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from creativity.types import Pictures, Vectors

Features = Callable[[Pictures], Vectors]
Fitted = dict[str, np.ndarray]


def fit(spaces: Iterable[str], reference: Pictures) -> dict[str, Fitted]:
    """What those of the spaces that need fitting take from the reference images, by space."""
    return {space: module_of(space).fit(reference) for space in spaces if hasattr(module_of(space), "fit")}


def features(space: str, fitted: Mapping[str, Fitted]) -> Features:
    """From images to their rows in a space. fitted: as `fit` gives it. Raises KeyError where it must be fitted and is not."""
    module = module_of(space)
    return partial(module.rows, **fitted[space]) if hasattr(module, "fit") else module.rows


def has_features(space: str) -> bool:
    """Whether images are rows in a space that has a file here, so that sets of them can be compared there."""
    return has_file(space) and hasattr(module_of(space), "rows")


def of_parts(space: str) -> bool:
    """Whether an image is near in a space where a part of it is."""
    return has_file(space) and getattr(module_of(space), "PARTS", False)


def has_file(space: str) -> bool:
    return Path(__file__).with_name(f"{space.replace('-', '_')}.py").is_file()


def module_of(space: str) -> ModuleType:
    return import_module(f"creativity.neighbours.spaces.{space.replace('-', '_')}")
