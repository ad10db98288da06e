"""From a run's samples and their neighbours to its tables of measures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from creativity import store
from creativity.measures import critics, intervals, verdict
from creativity.measures.classes import NAMES, column
from creativity.measures.evidence import Comparison, Evidence, Generated, Null, Train
from creativity.measures.registry import EACH, FEATURES, SAMPLE_MEASURES, SET_MEASURES, SampleMeasure
from creativity.neighbours.spaces import Features, Fitted, features, has_features
from creativity.neighbours.vectors import held, in_rows
from creativity.types import Flags, Interval, Pictures, Places, Values, Vectors

SAMPLE_TABLE = {"sample": store.LONG, "measure": store.TEXT, "space": store.TEXT, "value": store.REAL, "text": store.TEXT}
FEWEST = 8  # samples that did not escape, below which a set is not compared
SampleRow = tuple[int, str, str, float | None, str | None]
MeasureRow = tuple[str, str, float, float, float, int]


class SampleValues(NamedTuple):
    """Per-sample measures by (name, space), and each sample's class, with the kind of a collage."""

    values: dict[tuple[str, str], Values]
    classes: list[str]
    collages: list[str | None]
    least_copies: int


def sample_values(
    generated: Generated,
    train: Train,
    heldout: Null,
    reference: Pictures,
    trained: Sequence[critics.Critic] = (),
    left_out: Null | None = None,
) -> SampleValues:
    """Every per-sample measure of the finite samples; what critics say, and left-out training images, where there are any."""
    if not len(generated.pictures):
        return SampleValues({}, [], [], 0)
    evidence = Evidence(generated, train, heldout, reference, trained, left_out)
    values = {(measure.name, space): measure.function(evidence, space) for measure, space in asked(evidence)}
    least = verdict.least_copies(len(generated.pictures), min(len(null.provenance.distances) for null in evidence.nulls))
    return SampleValues(values, evidence.classes, evidence.collages, least)


def asked(evidence: Evidence) -> Iterator[tuple[SampleMeasure, str]]:
    """The measures with the spaces that they are asked in: space by space, then those that belong to one."""
    for space in evidence.generated.neighbours:
        here = (measure for measure in SAMPLE_MEASURES if measure.space == EACH)
        yield from ((measure, space) for measure in here if space in evidence.train.neighbours or not measure.among_train)
    own = [measure for measure in SAMPLE_MEASURES if measure.space != EACH]
    unknown = {m.name for m in own if (m.by_critics and not evidence.critic_networks) or (m.by_groups and not evidence.left_out)}
    yield from ((measure, measure.space) for measure in own if measure.name not in unknown)


def sample_rows(values: SampleValues, finite: Flags) -> list[SampleRow]:
    """The long table: one row a sample and measure. Samples that are not finite have one row of their own, finite = 0."""
    numbers = np.flatnonzero(finite)
    rows: list[SampleRow] = [(i, "finite", "pixel", float(flag), None) for i, flag in enumerate(finite)]
    for (name, space), of_samples in values.values.items():
        rows += [(int(i), name, space, float(v), None) for i, v in zip(numbers, of_samples, strict=True)]
    rows += [(int(i), "class", "pixel", None, text) for i, text in zip(numbers, values.classes, strict=True)]
    rows += [(int(i), "collage", "pixel", None, text) for i, text in zip(numbers, values.collages, strict=True) if text]
    return rows


def set_rows(
    generated: Generated,
    values: SampleValues,
    finite: Flags,
    train: Train,
    reference: Pictures,
    fitted: Mapping[str, Fitted],
    most: int,
) -> list[MeasureRow]:
    """The measures of the whole set with their intervals; none where there is no sample at all.

    fitted: what spaces take from the reference. most: see `compared`.
    """
    if not len(finite):
        return []
    summaries = {measure.name: measure.summary for measure in SAMPLE_MEASURES}
    bounded = held(in_rows(generated.pictures))
    rows = [row("finite", "pixel", intervals.share(finite)), row("escaped", "pixel", escaped(bounded, len(finite)))]
    rows += [row(name, space, summed_up(of_samples, summaries[name])) for (name, space), of_samples in values.values.items()]
    if values.classes:
        rows += copy_rows(values.values["p_copy", "pixel"], values.least_copies)
    for name in NAMES if values.classes else ():
        flags = np.array([text == name for text in values.classes], dtype=bool)
        rows.append(row(column(name), "pixel", intervals.share(flags)))
    for space in filter(has_features, generated.neighbours):
        to_rows = in_float64(features(space, fitted))
        chosen = generated.pictures[compared(bounded, most)]
        rows += compare(space, *(to_rows(side) for side in (chosen, reference, train.pictures)))
    return rows


def compared(bounded: Flags, most: int) -> Places:
    """The places of the samples that are compared as a set: at most so many of the bounded ones, evenly spread.

    All sets of a campaign have the same number, on which measures of sets depend, even where more samples are looked at one by one.

    >>> compared(np.array([True, False, True, True, True]), most=2).tolist()
    [0, 4]
    """
    places = np.flatnonzero(bounded)
    return places[np.linspace(0, len(places) - 1, min(len(places), most)).round().astype(int)] if len(places) else places


def escaped(bounded: Flags, count: int) -> Interval:
    """The share of so many samples that are not among the bounded ones: not finite, or with a value beyond 1000."""
    return intervals.share(np.arange(count) >= bounded.sum())


def copy_rows(p: Values, least: int) -> list[MeasureRow]:
    """The share of samples that are copies at a false discovery rate of 5 %, and the least that could be shown; no intervals."""
    shares = {"copies": float(verdict.copies(p).mean()), "least_copies": least / len(p)}
    return [row(name, "pixel", Interval(value, np.nan, np.nan, len(p))) for name, value in shares.items()]


def summed_up(column: Values, summary: str) -> Interval:
    """A column of per-sample values as one value with its interval."""
    if summary == "share":
        return intervals.share(column == 1)
    return intervals.centre(column, np.mean if summary == "mean" else np.median)


def in_float64(to_rows: Features) -> Features:
    return lambda pictures: to_rows(pictures).astype(np.float64)


def compare(space: str, generated: Vectors, reference: Vectors, train: Vectors) -> list[MeasureRow]:
    """Every measure of a set in the features of one space; none where there are fewer than 8 samples."""
    if len(generated) < FEWEST:
        return []
    comparison = Comparison(generated, reference, train)
    chosen = [measure for measure in SET_MEASURES if measure.space != FEATURES or space != "pixel"]
    return [row(measure.name, space, measure.function(comparison)) for measure in chosen]


def row(name: str, space: str, interval: Interval) -> MeasureRow:
    return (name, space, interval.value, interval.low, interval.high, interval.number)
