"""The spaces in which distances between images are measured, such as pixels or principal components: one file each, of its name.

Most have `fit(reference) -> Features`. Features map images [n, c, h, w] to rows [n, d], whose Euclidean distances are the distances
in that space. Where a distance is no distance of rows, such as the least over many views of an image, the file has
`search(queries, train, k, itself) -> Neighbours` in its place: samples are then measured there one by one, and not as a set.
"""

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from creativity.types import Pictures, Vectors

Features = Callable[[Pictures], Vectors]


def fit(space: str, reference: Pictures) -> Features:
    """The features of a space, fitted on the reference images if it needs fitting."""
    features: Features = module_of(space).fit(reference)
    return features


def has_features(space: str) -> bool:
    """Whether images are rows in a space, so that sets of them can be compared there."""
    return hasattr(module_of(space), "fit")


def module_of(space: str) -> ModuleType:
    return import_module(f"creativity.neighbours.spaces.{space.replace('-', '_')}")
