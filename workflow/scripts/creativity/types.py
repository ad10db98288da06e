"""The vocabulary of arrays and results, free of torch. No logic."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

Pictures = Float[np.ndarray, "n c h w"]  # images in -1..1
Vectors = Float[np.ndarray, "n d"]  # one image, or its features, a row
Values = Float[np.ndarray, " n"]
Grid = Float[np.ndarray, "n rows cols"]  # one value for each tile of each image
Flags = Bool[np.ndarray, " n"]


class Neighbours(NamedTuple):
    """The k nearest points of each query, the nearest first."""

    distances: Float[np.ndarray, "n k"]
    indices: Int[np.ndarray, "n k"]
    mirrored: Bool[np.ndarray, "n k"]


class Provenance(NamedTuple):
    """For each tile of each image, which training image has the closest tile at the same place, and how close."""

    sources: Int[np.ndarray, "n rows cols"]
    distances: Grid


class Interval(NamedTuple):
    """A value with its 95 % interval and the number of things it was computed from."""

    value: float
    low: float
    high: float
    number: int
