"""What measures are computed from: the samples of a run and the real images beside them, each thing worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from creativity.measures import critics, generalisation, judges, novelty, overlap, realism, two_sample, verdict
from creativity.measures.classes import COPY
from creativity.neighbours.spaces import of_parts
from creativity.neighbours.vectors import in_rows
from creativity.types import Flags, Interval, Neighbours, Pictures, Provenance, Values, Vectors

IN_PIXELS = ("pixel", "aligned")  # spaces of whole images in which distances are those of pixels


class Train(NamedTuple):
    """The training images, their own nearest other training images, and their distance to the reference, in each space.

    reference: the reference images' nearest training images.
    """

    pictures: Pictures
    neighbours: dict[str, Neighbours]
    reference: dict[str, Neighbours]
    scales: dict[str, Values]
    mirrored: bool


class Null(NamedTuple):
    """The neighbours in each space and the provenance of real images that are no copies, such as held-out ones."""

    neighbours: dict[str, Neighbours]
    provenance: Provenance


class Judged(NamedTuple):
    """What the judge says of each sample: its percentile, and its denoising error."""

    percentile: Values
    error: Values


class Generated(NamedTuple):
    """The finite samples of a run with their neighbours in each space, their provenance, and what the judge says of them."""

    pictures: Pictures
    neighbours: dict[str, Neighbours]
    provenance: Provenance
    judged: Judged


@dataclass(frozen=True)
class Evidence:
    """All that measures of one sample look at."""

    generated: Generated
    train: Train
    heldout: Null
    reference: Pictures
    critic_networks: Sequence[critics.Critic] = field(default=())
    left_out: Null | None = None  # training images, one by one, where held-out ones are of other groups

    def first(self, space: str) -> Values:
        """d1 of each sample."""
        return self.generated.neighbours[space].distances[:, 0]

    def gap_ratio(self, space: str) -> Values:
        distances = self.generated.neighbours[space].distances
        return novelty.gap_ratio(distances[:, 0], distances[:, 1])

    @cached_property
    def cluster_ratio(self) -> Values:
        """The gap ratio in pixel space with d2 to the nearest image that is no near-duplicate of the nearest one."""
        near, train = self.generated.neighbours["pixel"], self.train.pictures
        mirrors = in_rows(train[..., ::-1]) if self.train.mirrored else None
        second = novelty.second_distinct(in_rows(self.generated.pictures), in_rows(train), mirrors, near)
        return novelty.gap_ratio(near.distances[:, 0], second)

    @cached_property
    def ruler(self) -> realism.Ruler:
        return realism.fit_ruler(self.reference)

    @cached_property
    def reference_distance(self) -> Values:
        return realism.reference_distance(self.generated.pictures, self.ruler)

    @cached_property
    def laplacian_energy(self) -> Values:
        return realism.laplacian_energy(self.generated.pictures)

    @cached_property
    def within_range(self) -> Flags:
        return realism.within_range(self.reference_distance, self.laplacian_energy, self.ruler)

    @cached_property
    def real(self) -> Flags:
        return judges.real(self.generated.judged.percentile, self.laplacian_energy, self.ruler)

    @cached_property
    def critic_percentile(self) -> Values:
        return critics.percentile(self.generated.pictures, self.critic_networks)

    def copy_score(self, space: str) -> Values:
        return self.copy_scores(self.generated.neighbours, space)

    def copy_scores(self, neighbours: dict[str, Neighbours], space: str) -> Values:
        """The copy score of each of several images, by their nearest training images."""
        return verdict.copy_score(neighbours[space], self.train.scales[space])

    @property
    def nulls(self) -> list[Null]:
        """What new, real images score; where there are several, a copy is nearer than all of them."""
        return [self.heldout, *([self.left_out] if self.left_out else [])]

    @cached_property
    def p_copies(self) -> list[Values]:
        """The p-value of being no copy, by each of the nulls."""
        return [self.p_near(null) for null in self.nulls]

    @cached_property
    def p_copy(self) -> Values:
        return np.max(self.p_copies, axis=0)

    @cached_property
    def p_collage(self) -> Values:
        own = self.collage_scores(self.generated)
        return np.max([verdict.p_value(own, self.collage_scores(null)) for null in self.nulls], axis=0)

    @cached_property
    def in_parts(self) -> Flags:
        whole = np.min([self.first(space) for space in IN_PIXELS if space in self.generated.neighbours], axis=0)
        return verdict.in_parts(self.p_collage, novelty.collage_residual(self.generated.provenance.distances), whole)

    def collage_scores(self, side: Generated | Null) -> list[Values]:
        """The distance to the collage, as a whole and over its closer half, and the copy scores in the spaces of parts."""
        residuals = (novelty.collage_residual, novelty.half_collage_residual)
        parts = [space for space in side.neighbours if of_parts(space)]
        tiles = side.provenance.distances
        return [*(residual(tiles) for residual in residuals), *(self.copy_scores(side.neighbours, space) for space in parts)]

    def p_near(self, null: Null) -> Values:
        """The p-value of the evidence of all spaces of whole images together, where new images score like these.

        The reference is the standard of held-out images, whose scores are like its own; left-out ones are their own standard.
        """
        spaces = [space for space in self.generated.neighbours if not of_parts(space)]
        standard = self.train.reference if null is self.heldout else null.neighbours
        own, held, real = (
            [self.copy_scores(neighbours, space) for space in spaces]
            for neighbours in (self.generated.neighbours, null.neighbours, standard)
        )
        return verdict.p_value([verdict.evidence(own, real)], [verdict.evidence(held, real)])

    @cached_property
    def likeness(self) -> Flags:
        """It is no copy, and nearer to the training images than 95 % of images of other groups are."""
        return (self.p_copies[0] <= verdict.LEVEL) & np.array([name != COPY for name in self.classes])

    @cached_property
    def indistinguishable(self) -> Flags:
        return self.are_indistinguishable(self.generated.neighbours)

    def are_indistinguishable(self, neighbours: dict[str, Neighbours]) -> Flags:
        return verdict.indistinguishable(neighbours["pixel"].distances[:, 0], int(np.prod(self.reference.shape[1:])))

    @cached_property
    def source_share(self) -> Values:
        return novelty.largest_source_share(self.generated.provenance.sources)

    @cached_property
    def classes(self) -> list[str]:
        heldout_same = self.are_indistinguishable(self.heldout.neighbours)
        copied = verdict.copied(self.p_copy, self.in_parts, self.indistinguishable, heldout_same)
        return verdict.classes(copied, self.p_collage <= verdict.LEVEL, self.real)

    @cached_property
    def collages(self) -> list[str | None]:
        return verdict.kinds(self.classes, self.source_share)

    @cached_property
    def repeats(self) -> Flags:
        """It is like another sample, and no copy of a training image: both fell into one spurious attractor."""
        repeated = novelty.repeated(in_rows(self.generated.pictures), in_rows(self.reference))
        return repeated & np.array([name != COPY for name in self.classes])

    def is_collage(self, kind: str) -> Values:
        """1 where the class is collage, and the collage is of this kind."""
        return np.array([float(text == kind) for text in self.collages])


@dataclass(frozen=True)
class Comparison:
    """All that measures of a set look at, in the features of one space: rows are images."""

    generated: Vectors
    reference: Vectors
    train: Vectors

    @cached_property
    def overlap(self) -> overlap.Shares:
        return overlap.shares(self.generated, self.reference)

    @cached_property
    def discrepancies(self) -> list[Interval]:
        """Energy and kernel distance, in the order of the kernels."""
        pairs = (two_sample.across(self.generated, self.reference), *map(two_sample.within, (self.generated, self.reference)))
        return [two_sample.interval(two_sample.discrepancy(*sums)) for sums in zip(*pairs, strict=True)]

    @cached_property
    def likelihood(self) -> generalisation.Likelihood:
        return generalisation.feature_likelihood(self.generated, self.reference, self.train)
