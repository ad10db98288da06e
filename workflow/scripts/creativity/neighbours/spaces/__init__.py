"""The spaces in which images are compared: a file a space, found by its name.

Each has `fit(reference) -> Features`: what takes images to rows of numbers, whose Euclidean distance is the distance in that space.
"""

from collections.abc import Callable
from importlib import import_module

from creativity.types import Pictures, Vectors

Features = Callable[[Pictures], Vectors]


def fit(space: str, reference: Pictures) -> Features:
    """The features of a space, fitted on the reference images where it needs any."""
    features: Features = import_module(f"creativity.neighbours.spaces.{space.replace('-', '_')}").fit(reference)
    return features
