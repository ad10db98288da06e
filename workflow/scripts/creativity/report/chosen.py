"""Which samples of a run the page shows: those that say most, of each kind, and how many there are of all."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from creativity.measures.classes import COLLAGES, COPY, NAMES
from creativity.types import Values

NEAREST, MIDDLE, STRANGEST = "nearest", "median", "strangest"
KINDS = (NEAREST, COPY, *COLLAGES, MIDDLE, STRANGEST)
WORDS = {
    NEAREST: "the nearest to a training image",
    COPY: "the surest copies",
    COLLAGES[0]: "the surest collages of mostly one training image",
    COLLAGES[1]: "the surest collages of many training images",
    MIDDLE: "about the median distance to a training image",
    STRANGEST: "the hardest to denoise for networks that know real images",
}
NUMBERS = ["nearest_distance", "denoising_error", "p_copy", "p_collage", "collage_residual"]
TEXTS = ["class", "collage"]
MEASURES = [*NUMBERS, *TEXTS]  # that a choice is made by
MOST = 12  # samples of a kind
SQUARES, SQUARES_OF_ONE = 30, 10  # along a side of the map of all samples, and of these up to held-out's median
Choice = dict[str, list[int]]  # samples by kind, the most telling first


class Chosen(NamedTuple):
    """What the measures say of a run's samples: how many there are of each class, and which to show of each kind.

    counts: of all samples, by class, and by kind of collage.
    """

    total: int
    counts: dict[str, int]
    kinds: Choice


def by_sample(table: pd.DataFrame) -> pd.DataFrame:
    """The measures that a choice is made by: a row a sample, a column a measure; those that are not there are empty."""
    numbers, texts = table[table["measure"].isin(NUMBERS)], table[table["measure"].isin(TEXTS)]
    wide = numbers.pivot(index="sample", columns="measure", values="value").reindex(columns=NUMBERS)
    return wide.join(texts.pivot(index="sample", columns="measure", values="text").reindex(columns=TEXTS), how="outer").sort_index()


def choose(wide: pd.DataFrame | None, total: int, most: int = MOST) -> Chosen:
    """At most so many samples of each kind. wide: as of `by_sample`. Equals stand in the order of the noises.

    Without measures, the first samples stand for all.
    """
    if wide is None or not len(wide):
        return Chosen(total, {}, {NEAREST: list(range(min(total, most)))})
    nearest = wide["nearest_distance"]
    middle = (nearest.rank(method="first") - (nearest.count() + 1) / 2).abs()
    copies, residual = wide[wide["class"] == COPY], wide["collage_residual"]
    kinds = {NEAREST: first(wide, [nearest], most), COPY: first(copies, [wide["p_copy"], nearest], most)}
    kinds |= {kind: first(wide[wide["collage"] == kind], [wide["p_collage"], residual], most) for kind in COLLAGES}
    kinds |= {MIDDLE: first(wide, [middle], most), STRANGEST: first(wide, [-wide["denoising_error"]], most)}
    counts = {name: int((wide["class"] == name).sum()) for name in NAMES}
    counts |= {name: int((wide["collage"] == name).sum()) for name in COLLAGES}
    return Chosen(total, counts, cut(kinds, most))


def first(rows: pd.DataFrame, by: Sequence[pd.Series], most: int) -> list[int]:
    """The samples with the lowest values, and among equals of the next ones. Without any they are left out, without some last."""
    keys = pd.concat(by, axis=1).reindex(rows.index).dropna(how="all")
    order = np.lexsort([keys.index.to_numpy(), *(keys.iloc[:, i].to_numpy(dtype=float) for i in reversed(range(len(by))))])
    return [int(sample) for sample in keys.index[order[:most]]]


def cut(kinds: Choice, most: int) -> Choice:
    """At most so many of each kind."""
    return {kind: samples[:most] for kind, samples in kinds.items() if samples[:most]}


def common(choices: Sequence[Choice], most: int) -> list[int]:
    """Noises for all runs: what each of some runs tells most of, each run beginning with another kind; so many, in rising order.

    >>> common([{"nearest": [7, 2]}, {"nearest": [7, 4], "strangest": [1]}], most=3)
    [1, 2, 7]
    """
    turned = [
        [choice[kind] for kind in KINDS[i % len(KINDS) :] + KINDS[: i % len(KINDS)] if kind in choice]
        for i, choice in enumerate(choices)
    ]
    noises: dict[int, None] = {}
    for rank in range(max((len(samples) for kinds in turned for samples in kinds), default=0)):
        for turn in range(len(KINDS)):
            for samples in (kinds[turn] for kinds in turned if turn < len(kinds)):
                if len(noises) == most:
                    return sorted(noises)
                noises |= dict.fromkeys(samples[rank : rank + 1])
    return sorted(noises)


def places(kinds: Choice, noises: Sequence[int]) -> Choice:
    """The same with the place of each sample among those that the page carries."""
    at = {noise: place for place, noise in enumerate(noises)}
    return {kind: [at[sample] for sample in samples if sample in at] for kind, samples in kinds.items()}


def density(wide: pd.DataFrame | None, scales: Mapping[str, Any]) -> list[list[int]]:
    """How many of all samples lie in each square of the map that holds any: [square, samples], row by row.

    Squares have a side of a tenth of held-out's median, which are the scales; columns are the distance to the training images, rows
    the denoising error. The last ones hold all beyond. Empty where the scales are not known.
    """
    units = scales["novelty"], scales["realism"]
    if wide is None or None in units:
        return []
    named = zip(("nearest_distance", "denoising_error"), units, strict=True)
    column, row = (squares(wide[name].to_numpy(dtype=float) / unit) for name, unit in named)
    known = (column >= 0) & (row >= 0)
    numbers, counts = np.unique(row[known] * SQUARES + column[known], return_counts=True)
    return [[int(number), int(count)] for number, count in zip(numbers, counts, strict=True)]


def squares(values: Values) -> np.ndarray:
    """The number of the square that each value lies in; -1 where there is none.

    >>> squares(np.array([0.0, 0.95, 7.0, np.inf, np.nan])).tolist()
    [0, 9, 29, 29, -1]
    """
    places = np.minimum(np.nan_to_num(values, nan=-1.0, posinf=SQUARES) * SQUARES_OF_ONE, SQUARES - 1)
    return np.where(np.isnan(values), -1, np.floor(places)).astype(np.int64)
