"""Two denoisers from the same noise: how alike are their images? Row i is the image of noise i on both sides, float64 [n, d]."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from itertools import combinations

import numpy as np

from creativity import store
from creativity.campaign.layout import Run
from creativity.measures import intervals
from creativity.types import Values, Vectors

PAIR = {"measure": store.TEXT, "sigma": store.REAL, "value": store.REAL, "low": store.REAL, "high": store.REAL, "count": store.LONG}
PAIR |= {"left_out": store.LONG}
PAIRS = {"subset_a": store.TEXT, "a": store.TEXT, "seed_a": store.LONG}
PAIRS |= {"subset_b": store.TEXT, "b": store.TEXT, "seed_b": store.LONG} | PAIR
PairRow = tuple[str, float | None, float, float, float, int, int]
ROUNDING = float(np.finfo(np.float32).eps)  # of the largest value: an image that varies less, in root mean square, is constant


def squared_correlation(a: Vectors, b: Vectors) -> Values:
    """Pearson's r^2 over the pixels of each image, blind to contrast and brightness; NaN where an image is constant.

    Kamb & Ganguli 2024 report its median.

    >>> squared_correlation(np.array([[1.0, 2.0, 4.0], [0.1, 0.1, 0.1]]), np.array([[2.0, 4.0, 8.0], [1.0, 2.0, 4.0]]))
    array([ 1., nan])
    """
    a, b = centred(a), centred(b)
    with np.errstate(invalid="ignore"):
        return np.square((a * b).sum(axis=1)) / (np.square(a).sum(axis=1) * np.square(b).sum(axis=1))


def determination(a: Vectors, b: Vectors) -> Values:
    """R^2 = 1 - |a - b|^2 / |a - mean of a|^2: the share of a that b explains as it stands; negative where grey would do better.

    NaN where a is constant: there is nothing to explain.
    """
    with np.errstate(invalid="ignore"):
        return 1 - np.square(a - b).sum(axis=1) / np.square(centred(a)).sum(axis=1)


def distance(a: Vectors, b: Vectors) -> Values:
    """|a - b| in pixel values."""
    return np.linalg.norm(a - b, axis=1)


def centred(a: Vectors) -> Vectors:
    """Each row minus its mean; NaN where it is constant but for the rounding of float32, which would correlate with anything."""
    centred = a - a.mean(axis=1, keepdims=True)
    spread, largest = np.sqrt(np.square(centred).mean(axis=1)), np.abs(a).max(axis=1, initial=0)
    return np.where((spread > ROUNDING * largest)[:, None], centred, np.nan)


def compare(a: Vectors, b: Vectors, sigma: float | None = None) -> list[PairRow]:
    """Medians over the noises, with intervals, and how many noises have no value and are left out, as those of constant images.

    chance_*: the control, where b's image is that of the next noise.
    """
    other = np.roll(b, -1, axis=0)
    alike = {
        "squared_correlation": squared_correlation(a, b),
        "determination": determination(a, b),
        "distance": distance(a, b),
        "chance_squared_correlation": squared_correlation(a, other),
        "chance_determination": determination(a, other),
        "chance_distance": distance(a, other),
    }
    return [(name, sigma, *intervals.median(values), int(np.sum(~np.isfinite(values)))) for name, values in alike.items()]


def within(runs: list[Run]) -> Iterator[list[tuple[Run, Run]]]:
    """For each subset: different denoisers at one seed, closed forms at every seed, and one denoiser at two seeds.

    A network stands before a closed form, since determination asks how much of a is explained by b.
    """
    for group in groups(runs, lambda run: run.subset):
        ordered = sorted(group, key=lambda run: ("trained", "external", "closed form").index(run.kind))
        yield [(a, b) for a, b in combinations(ordered, 2) if a.denoiser == b.denoiser or a.seed == b.seed or b.kind != "trained"]


def across(runs: list[Run]) -> Iterator[list[tuple[Run, Run]]]:
    """For each denoiser, seed and number of training images: its subsets, which have no image in common where they are disjoint."""
    for group in groups(runs, lambda run: (run.n, run.denoiser, run.seed)):
        yield list(combinations(group, 2))


def groups(runs: list[Run], key: Callable[[Run], Hashable]) -> list[list[Run]]:
    grouped: dict[Hashable, list[Run]] = defaultdict(list)
    for run in runs:
        grouped[key(run)].append(run)
    return list(grouped.values())
