"""From a run's samples and their neighbours to its tables of measures."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity import store
from creativity.measures import critics, generalisation, intervals, novelty, realism, sets
from creativity.neighbours.spaces import Features
from creativity.neighbours.spaces import fit as spaces_of
from creativity.neighbours.vectors import flatten
from creativity.types import Flags, Interval, Neighbours, Pictures, Provenance, Values, Vectors

SAMPLE_MEASURES = {"sample": store.LONG, "measure": store.TEXT, "space": store.TEXT, "value": store.REAL, "text": store.TEXT}
CLASSES = ("copy", "mosaic", "novel real", "novel unreal")
FEWEST = 8  # finite samples below which a set is not compared
SampleRow = tuple[int, str, str, float | None, str | None]
MeasureRow = tuple[str, str, float, float, float, int]


class Train(NamedTuple):
    """The training images, and their own nearest other training images in each space."""

    pictures: Pictures
    neighbours: dict[str, Neighbours]
    mirrored: bool


class Heldout(NamedTuple):
    """What the held-out images score: distances to their nearest training image in each space, collage residuals."""

    nearest: dict[str, Values]
    residual: Values


class Generated(NamedTuple):
    """The finite samples of a run with their neighbours in each space and their provenance."""

    pictures: Pictures
    neighbours: dict[str, Neighbours]
    provenance: Provenance


class SampleValues(NamedTuple):
    """Per-sample measures by (name, space), and each sample's class."""

    values: dict[tuple[str, str], Values]
    classes: list[str]


def sample_values(
    made: Generated, train: Train, heldout: Heldout, reference: Pictures, judges: Sequence[critics.Critic] = ()
) -> SampleValues:
    """Every per-sample measure of the finite samples; what critics say where there are any."""
    if not len(made.pictures):
        return SampleValues({}, [])
    values: dict[tuple[str, str], Values] = {}
    for space, found in made.neighbours.items():
        first, second = found.distances[:, 0], found.distances[:, 1]
        own = train.neighbours[space].distances[:, 0]
        values["nearest_distance", space] = first
        values["gap_ratio", space] = novelty.gap_ratio(first, second)
        values["memorised", space] = novelty.memorised(values["gap_ratio", space]).astype(float)
        values["heldout_percentile", space] = novelty.heldout_percentile(first, heldout.nearest[space])
        values["authentic", space] = novelty.authentic(first, found.indices[:, 0], own).astype(float)
    values |= clustered(made, train)
    ruler = realism.fit_ruler(reference)
    distance, energy = realism.reference_distance(made.pictures, ruler), realism.laplacian_energy(made.pictures)
    real = realism.real(distance, energy, ruler)
    share, residual = novelty.largest_source_share(made.provenance.sources), novelty.collage_residual(made.provenance.distances)
    values["largest_source_share", "tile"], values["collage_residual", "tile"] = share, residual
    values["reference_distance", "pixel"], values["laplacian_energy", "pixel"] = distance, energy
    values["real", "pixel"] = real.astype(float)
    if judges:
        values["critic_percentile", "pixel"] = critics.percentile(made.pictures, judges)
        values["critic_real", "pixel"] = critics.real(values["critic_percentile", "pixel"]).astype(float)
    copied = values["memorised_cluster", "pixel"] == 1
    return SampleValues(values, realism.classes(copied, share, residual, heldout.residual, real))


def clustered(made: Generated, train: Train) -> dict[tuple[str, str], Values]:
    """The gap ratio in pixel space against near-duplicate clusters, and who is memorised by it."""
    found, own = made.neighbours["pixel"], train.neighbours["pixel"]
    labels = novelty.clusters(own, novelty.near_duplicate_limit(own.distances[:, 0]))
    rows = flatten(train.pictures)
    mirrors = flatten(train.pictures[..., ::-1]) if train.mirrored else None
    second = novelty.second_cluster(flatten(made.pictures), rows, mirrors, found, labels)
    ratio = novelty.gap_ratio(found.distances[:, 0], second)
    return {("gap_ratio_cluster", "pixel"): ratio, ("memorised_cluster", "pixel"): novelty.memorised(ratio).astype(float)}


def sample_rows(found: SampleValues, finite: Flags) -> list[SampleRow]:
    """The long table: one row a sample and measure. Samples that are not finite have one row, finite = 0."""
    numbers = np.flatnonzero(finite)
    rows: list[SampleRow] = [(i, "finite", "pixel", float(flag), None) for i, flag in enumerate(finite)]
    for (name, space), column in found.values.items():
        rows += [(int(i), name, space, float(v), None) for i, v in zip(numbers, column, strict=True)]
    rows += [(int(i), "class", "pixel", None, text) for i, text in zip(numbers, found.classes, strict=True)]
    return rows


SHARES = {"memorised", "memorised_cluster", "authentic", "real", "critic_real"}


def set_rows(made: Generated, found: SampleValues, finite: Flags, train: Train, reference: Pictures) -> list[MeasureRow]:
    """The measures of the whole set with their intervals; none where there is no sample at all."""
    if not len(finite):
        return []
    rows = [row("finite", "pixel", intervals.share(finite))]
    for (name, space), column in found.values.items():
        if name in SHARES:
            rows.append(row(name, space, intervals.share(column == 1)))
        else:
            rows.append(row(name, space, intervals.centre(column, np.mean if name == "heldout_percentile" else np.median)))
    for name in CLASSES if found.classes else ():
        flags = np.array([text == name for text in found.classes], dtype=bool)
        rows.append(row(f"class_{name.replace(' ', '_')}", "pixel", intervals.share(flags)))
    if len(made.pictures) >= FEWEST:
        for space, features in spaces(made, reference).items():
            rows += compare(space, *(features(side) for side in (made.pictures, reference, train.pictures)))
    return rows


def spaces(made: Generated, reference: Pictures) -> dict[str, Callable[[Pictures], Vectors]]:
    fitted = {space: spaces_of(space, reference) for space in made.neighbours}
    return {space: in_float64(features) for space, features in fitted.items()}


def in_float64(features: Features) -> Features:
    return lambda pictures: features(pictures).astype(np.float64)


def compare(space: str, generated: Vectors, reference: Vectors, train: Vectors) -> list[MeasureRow]:
    """Precision, recall, density, coverage, distances between the sets, diversity, and tests of copying."""
    n, m = len(generated), len(reference)
    both = sets.overlap(generated, reference)
    pairs = ((generated, reference), (generated, generated), (reference, reference))
    energy = intervals.between_sets(sets.energy_distance, *(cdist(*pair) for pair in pairs))
    kernel = intervals.between_sets(sets.kernel_distance, *(sets.polynomial_kernel(*pair) for pair in pairs))
    rows = [
        row("precision", space, intervals.share(both.precision)),
        row("recall", space, intervals.share(both.recall)),
        row("density", space, intervals.centre(both.density, np.mean)),
        row("coverage", space, intervals.share(both.coverage)),
        row("energy_distance", space, energy),
        row("sliced_wasserstein", space, intervals.between(lambda i, j: sets.sliced_wasserstein(generated[i], reference[j]), n, m)),
        row("kernel_distance", space, kernel),
        row("vendi_score", space, intervals.between(lambda i, _: sets.vendi_score(generated[i]), n, m)),
        row("copying_test", space, generalisation.copying_test(generated, reference, train)),
    ]
    if space != "pixel":
        likelihood = generalisation.feature_likelihood(generated, reference, train)
        rows += [row("feature_likelihood", space, likelihood.divergence), row("feature_likelihood_gap", space, likelihood.gap)]
        rows.append(row("frechet", space, intervals.between(lambda i, j: sets.frechet(generated[i], reference[j]), n, m)))
    return rows


def row(name: str, space: str, found: Interval) -> MeasureRow:
    return (name, space, found.value, found.low, found.high, found.number)
