"""The vocabulary of arrays and results, free of torch. No logic.

The number of rows has no name: training, held-out and generated sets differ in it."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

Picture = Float[np.ndarray, "c h w"]  # an image in -1..1
Pictures = Float[np.ndarray, "_ c h w"]  # several
Vectors = Float[np.ndarray, "_ d"]  # one image, or its features, a row
Row = Float[np.ndarray, " _"]  # one of them
Places = Int[np.ndarray, " _"]  # where rows stand in a set
Values = Float[np.ndarray, " _"]
Grid = Float[np.ndarray, "_ rows cols"]  # one value for each tile of each image
Flags = Bool[np.ndarray, " _"]


class Neighbours(NamedTuple):
    """The k nearest points of each query, the nearest first."""

    distances: Float[np.ndarray, "_ k"]
    indices: Int[np.ndarray, "_ k"]
    mirrored: Bool[np.ndarray, "_ k"]


class Provenance(NamedTuple):
    """For each tile of each image, which training image has the closest tile at the same place, how close, and whether mirrored."""

    sources: Int[np.ndarray, "_ rows cols"]
    distances: Grid
    mirrored: Bool[np.ndarray, "_ rows cols"]


class Interval(NamedTuple):
    """A value with its 95 % interval and the number of things it was computed from."""

    value: float
    low: float
    high: float
    number: int
