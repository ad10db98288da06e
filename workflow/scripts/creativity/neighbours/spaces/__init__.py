"""The spaces in which distances between images are measured, such as pixels or principal components: one file each, of its name.

Each file has `fit(reference) -> Features`. Features map images [n, c, h, w] to rows [n, d], whose Euclidean distances are the
distances in that space.
"""

from collections.abc import Callable
from importlib import import_module

from creativity.types import Pictures, Vectors

Features = Callable[[Pictures], Vectors]


def fit(space: str, reference: Pictures) -> Features:
    """The features of a space, fitted on the reference images if it needs fitting."""
    features: Features = import_module(f"creativity.neighbours.spaces.{space.replace('-', '_')}").fit(reference)
    return features
