"""All measures of samples and of sets, a row each: what is computed, how it is summed up, its label, and bounds on controls.

A new measure is a function and a row here. It is then in the tables with an interval, on the page and in MLflow.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from creativity.measures import critics, generalisation, novelty, sets
from creativity.measures.classes import COLLAGE, COPY, MOSAIC, NEW_REAL, PART_COPY, column
from creativity.measures.evidence import Comparison, Evidence
from creativity.measures.verdict import LEVEL
from creativity.types import Interval, Values

EACH, FEATURES = "each", "features"
Range = tuple[float, float]


class Bound(NamedTuple):
    """What a measure of a control must be, for the measure to be believed; low and high are allowed."""

    measure: str
    control: str
    low: float
    high: float


class SampleMeasure(NamedTuple):
    """A measure of each sample by itself.

    space: `each` of the campaign, or the one it belongs to. function: of the evidence and a space, [samples]. summary: how a set of
    samples is summed up. label: what people call it; definition: one sentence with its source. bounds: what controls must score, by
    name; asks_novelty: these are waived where images repeat. by_critics: it needs critics; by_groups: groups kept apart;
    among_train: the distances of training images among themselves, which are known where images are rows (`spaces`).
    """

    name: str
    space: str
    function: Callable[[Evidence, str], Values]
    summary: Literal["share", "median", "mean"]
    label: str
    definition: str
    bounds: Mapping[str, Range] = {}
    asks_novelty: bool = False
    by_critics: bool = False
    by_groups: bool = False
    among_train: bool = False


class SetMeasure(NamedTuple):
    """A measure of a whole set against the reference. space: `each`, or `features`: each but the pixels. The rest as above."""

    name: str
    space: str
    function: Callable[[Comparison], Interval]
    label: str
    definition: str


SAMPLE_MEASURES = (
    SampleMeasure(
        "nearest_distance",
        EACH,
        lambda e, space: e.first(space),
        "median",
        "distance to the nearest training image (d1)",
        "Distance d1 to the nearest training image.",
    ),
    SampleMeasure(
        "gap_ratio",
        EACH,
        lambda e, space: e.gap_ratio(space),
        "median",
        "gap ratio d1 / d2",
        "d1 / d2, the distances to the nearest and the second nearest training image (Yoon et al. 2023).",
    ),
    SampleMeasure(
        "memorised",
        EACH,
        lambda e, space: novelty.memorised(e.gap_ratio(space)).astype(float),
        "share",
        "memorised: gap ratio below 1/3",
        "The gap ratio is below 1/3 (Yoon et al. 2023; Gu et al. 2023).",
        {"held-out": (0.0, 0.06), "blurred": (0.0, 0.06), "gaussian": (0.0, 0.06), "noise": (0.0, 0.01)},
        asks_novelty=True,
    ),
    SampleMeasure(
        "heldout_percentile",
        EACH,
        lambda e, space: novelty.heldout_percentile(e.first(space), e.heldout.neighbours[space].distances[:, 0]),
        "mean",
        "held-out images that are nearer",
        "Share of held-out images whose own d1 is below the sample's.",
        {"copier": (0.0, LEVEL), "held-out": (0.35, 0.65), "noise": (0.9, 1.0)},
        asks_novelty=True,
    ),
    SampleMeasure(
        "authentic",
        EACH,
        lambda e, space: novelty.authentic(
            e.first(space), e.generated.neighbours[space].indices[:, 0], e.train.neighbours[space].distances[:, 0]
        ).astype(float),
        "share",
        "authentic (AuthPct)",
        "The nearest training image has another training image nearer than the sample (Alaa et al. 2022).",
        among_train=True,
    ),
    SampleMeasure(
        "copy_score",
        EACH,
        lambda e, space: e.copy_score(space),
        "median",
        "d1 over the local scale",
        "d1 over the distance from that training image to its 5th nearest reference image.",
    ),
    SampleMeasure(
        "p_copy",
        "pixel",
        lambda e, _: e.p_copy,
        "median",
        "p-value of being no copy",
        "Share of held-out images, itself included, whose copy score is as far below the reference's where it is most.",
    ),
    SampleMeasure(
        "likeness",
        "pixel",
        lambda e, _: e.likeness.astype(float),
        "share",
        "likenesses of the training groups",
        "It is no copy, and nearer to the training images than 95 % of images of other groups are.",
        by_groups=True,
    ),
    SampleMeasure(
        "indistinguishable",
        "pixel",
        lambda e, _: e.indistinguishable.astype(float),
        "share",
        "within 4 grey levels of a training image",
        "The root mean square difference to the nearest training image is below 4 of 255 grey levels.",
        {"copier": (0.99, 1.0), "noise": (0.0, 0.01)},
        asks_novelty=True,
    ),
    SampleMeasure(
        "gap_ratio_cluster",
        "pixel",
        lambda e, _: e.cluster_ratio,
        "median",
        "gap ratio, near-duplicates counted as one",
        "d1 / d2 with d2 to the nearest training image that differs from the nearest one by 4 grey levels or more.",
    ),
    SampleMeasure(
        "memorised_cluster",
        "pixel",
        lambda e, _: novelty.memorised(e.cluster_ratio).astype(float),
        "share",
        "memorised, near-duplicates counted as one",
        "That gap ratio is below 1/3.",
        {"copier": (0.99, 1.0)},
        asks_novelty=True,
    ),
    SampleMeasure(
        "largest_source_share",
        "tile",
        lambda e, _: e.source_share,
        "median",
        "tiles from the most frequent source",
        "Share of the tiles whose closest training tile at the same place is from the most frequent image.",
    ),
    SampleMeasure(
        "collage_residual",
        "tile",
        lambda e, _: novelty.collage_residual(e.generated.provenance.distances),
        "median",
        "distance to its collage",
        "Distance to the image put together from the closest training tiles.",
    ),
    SampleMeasure(
        "half_collage_residual",
        "tile",
        lambda e, _: novelty.half_collage_residual(e.generated.provenance.distances),
        "median",
        "distance to its collage, closer half",
        "The same over the closer half of the tiles alone.",
    ),
    SampleMeasure(
        "p_collage",
        "tile",
        lambda e, _: e.p_collage,
        "median",
        "p-value of being no collage",
        "Share of held-out images, itself included, that are as near to their own collage, as a whole or over its closer half.",
    ),
    SampleMeasure(
        "part_copy",
        "tile",
        lambda e, _: e.is_collage(PART_COPY),
        "share",
        "part copies",
        "A collage of which one training image has at least half of the tiles.",
    ),
    SampleMeasure(
        "mosaic",
        "tile",
        lambda e, _: e.is_collage(MOSAIC),
        "share",
        "mosaics",
        "A collage of many training images, none of which has half of the tiles.",
    ),
    SampleMeasure(
        "repeats",
        "pixel",
        lambda e, _: e.repeats.astype(float),
        "share",
        "repeats of another sample that are no copy",
        "It is no copy, and another sample is nearer to it than all but 1 % of reference images are to each other.",
    ),
    SampleMeasure(
        "reference_distance",
        "pixel",
        lambda e, _: e.reference_distance,
        "median",
        "distance to the 5th reference image",
        "Distance to the 5th nearest reference image.",
    ),
    SampleMeasure(
        "laplacian_energy",
        "pixel",
        lambda e, _: e.laplacian_energy,
        "median",
        "Laplacian energy (sharpness)",
        "Mean square of the 4-neighbour Laplacian: small for blur, large for noise.",
    ),
    SampleMeasure(
        "within_range",
        "pixel",
        lambda e, _: e.within_range.astype(float),
        "share",
        "within the range of real images",
        "Distance to the 5th reference image and Laplacian energy are both within the reference's own 2.5 - 97.5 % range.",
        {"held-out": (0.7, 1.0), "noise": (0.0, 0.01)},
    ),
    SampleMeasure(
        "denoising_error",
        "pixel",
        lambda e, _: e.generated.judged.error,
        "median",
        "how hard it is to denoise",
        "Root mean square error with which networks that know real images alone denoise it, at two low noise levels.",
    ),
    SampleMeasure(
        "judge_percentile",
        "pixel",
        lambda e, _: e.generated.judged.percentile,
        "median",
        "reference images that are judged no more real",
        "Share of the reference that is as hard to denoise, and as far away, to networks that know real images alone.",
    ),
    SampleMeasure(
        "real",
        "pixel",
        lambda e, _: e.real.astype(float),
        "share",
        "judged real",
        "That share is above 7.5 %, and the Laplacian energy is within the reference's own 1 - 99 % range.",
        {"held-out": (0.75, 1.0), "blurred": (0.0, 0.15), "noise": (0.0, 0.01)},
    ),
    SampleMeasure(
        "critic_percentile",
        "pixel",
        lambda e, _: e.critic_percentile,
        "median",
        "reference images that critics find less real",
        "Share of the reference that critics find less real, each on images it has not seen (cross-conformal, Vovk 2015).",
        by_critics=True,
    ),
    SampleMeasure(
        "critic_real",
        "pixel",
        lambda e, _: critics.real(e.critic_percentile).astype(float),
        "share",
        "judged real by critics",
        "That share is at least 5 %.",
        {"held-out": (0.85, 1.0), "noise": (0.0, 0.01)},
        by_critics=True,
    ),
)

SET_MEASURES = (
    SetMeasure(
        "precision",
        EACH,
        lambda c: c.overlap.precision,
        "precision",
        "Share of the samples in a ball about a reference image that reaches to its 5th neighbour (Kynkaanniemi et al. 2019).",
    ),
    SetMeasure(
        "recall",
        EACH,
        lambda c: c.overlap.recall,
        "recall",
        "Share of the reference in a ball about a sample that reaches to its 5th neighbour (Kynkaanniemi et al. 2019).",
    ),
    SetMeasure(
        "density",
        EACH,
        lambda c: c.overlap.density,
        "density",
        "Mean number of reference balls that a sample lies in, over 5 (Naeem et al. 2020).",
    ),
    SetMeasure(
        "coverage",
        EACH,
        lambda c: c.overlap.coverage,
        "coverage of the reference",
        "Share of the reference balls that hold a sample (Naeem et al. 2020).",
    ),
    SetMeasure(
        "energy_distance",
        EACH,
        lambda c: c.discrepancies[0],
        "energy distance to the reference",
        "2 E|A - B| - E|A - A'| - E|B - B'|, unbiased (Szekely & Rizzo 2013).",
    ),
    SetMeasure(
        "sliced_wasserstein",
        EACH,
        lambda c: sets.sliced_wasserstein(c.generated, c.reference),
        "sliced Wasserstein distance",
        "Mean Wasserstein-1 distance over 128 directions (Bonneel et al. 2015).",
    ),
    SetMeasure(
        "kernel_distance",
        EACH,
        lambda c: c.discrepancies[1],
        "kernel distance (KID)",
        "Unbiased squared MMD with the kernel (a.b / d + 1)^3 (Binkowski et al. 2018).",
    ),
    SetMeasure(
        "vendi_score",
        EACH,
        lambda c: sets.vendi_score(c.generated),
        "Vendi score",
        "Effective number of different samples by cosine similarity (Friedman & Dieng 2023).",
    ),
    SetMeasure(
        "copying_test",
        EACH,
        lambda c: generalisation.copying_test(c.generated, c.reference, c.train),
        "copying test C_T",
        "Far below 0 the samples lie nearer to the training set than new real images do (Meehan et al. 2020).",
    ),
    SetMeasure(
        "feature_likelihood",
        FEATURES,
        lambda c: c.likelihood.divergence,
        "feature likelihood divergence (FLD)",
        "How much worse a mixture about the samples explains the reference than half the training set (Jiralerspong et al. 2023).",
    ),
    SetMeasure(
        "feature_likelihood_gap",
        FEATURES,
        lambda c: c.likelihood.gap,
        "generalisation gap of FLD",
        "That mixture's loss on the training set minus that on the reference: far below 0 is copying (Jiralerspong et al. 2023).",
    ),
    SetMeasure(
        "frechet",
        FEATURES,
        lambda c: sets.frechet(c.generated, c.reference),
        "Fréchet distance",
        "Between Gaussians fitted to the features (Dowson & Landau 1982; Heusel et al. 2017).",
    ),
)

CLASS_BOUNDS = (
    Bound(column(COPY), "copier", 0.95, 1.0),
    Bound(column(COPY), "held-out", 0.0, 0.06),
    Bound(column(COLLAGE), "halves", 0.9, 1.0),
    Bound(column(COLLAGE), "held-out", 0.0, 0.06),
    Bound(column(NEW_REAL), "noise", 0.0, 0.01),
)
BOUNDS = (
    *(Bound(m.name, control, *allowed) for m in SAMPLE_MEASURES for control, allowed in m.bounds.items()),
    *CLASS_BOUNDS,
)
NOVELTY = {measure.name for measure in SAMPLE_MEASURES if measure.asks_novelty} | {column(COPY), column(COLLAGE)}
# bounds on NOVELTY are waived where images repeat
LABELS = {measure.name: measure.label for measure in (*SAMPLE_MEASURES, *SET_MEASURES)}
