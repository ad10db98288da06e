"""What measures are computed from: the samples of a run and the real images beside them, each thing worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity.measures import critics, generalisation, novelty, realism, sets
from creativity.neighbours.vectors import flatten
from creativity.types import Neighbours, Pictures, Provenance, Values, Vectors


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


@dataclass(frozen=True)
class Evidence:
    """All that measures of one sample look at."""

    generated: Generated
    train: Train
    heldout: Heldout
    reference: Pictures
    judges: Sequence[critics.Critic] = field(default=())

    def first(self, space: str) -> Values:
        """d1 of each sample."""
        return self.generated.neighbours[space].distances[:, 0]

    def gap_ratio(self, space: str) -> Values:
        distances = self.generated.neighbours[space].distances
        return novelty.gap_ratio(distances[:, 0], distances[:, 1])

    @cached_property
    def cluster_ratio(self) -> Values:
        """The gap ratio in pixel space with d2 to the nearest image outside the nearest one's near-duplicates."""
        near, own = self.generated.neighbours["pixel"], self.train.neighbours["pixel"]
        labels = novelty.clusters(own, novelty.near_duplicate_limit(own.distances[:, 0]))
        rows = flatten(self.train.pictures)
        mirrors = flatten(self.train.pictures[..., ::-1]) if self.train.mirrored else None
        second = novelty.second_cluster(flatten(self.generated.pictures), rows, mirrors, near, labels)
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
    def real(self) -> Values:
        return realism.real(self.reference_distance, self.laplacian_energy, self.ruler).astype(float)

    @cached_property
    def critic_percentile(self) -> Values:
        return critics.percentile(self.generated.pictures, self.judges)

    @cached_property
    def source_share(self) -> Values:
        return novelty.largest_source_share(self.generated.provenance.sources)

    @cached_property
    def residual(self) -> Values:
        return novelty.collage_residual(self.generated.provenance.distances)

    @cached_property
    def classes(self) -> list[str]:
        copied = novelty.memorised(self.cluster_ratio)
        return realism.classes(copied, self.source_share, self.residual, self.heldout.residual, self.real == 1)


@dataclass(frozen=True)
class Comparison:
    """All that measures of a set look at, in the features of one space: rows are images."""

    generated: Vectors
    reference: Vectors
    train: Vectors

    @cached_property
    def overlap(self) -> sets.Overlap:
        return sets.overlap(self.generated, self.reference)

    @cached_property
    def distances(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Between the sets, within the generated and among the reference."""
        pairs = ((self.generated, self.reference), (self.generated, self.generated), (self.reference, self.reference))
        across, within, among = (cdist(*pair) for pair in pairs)
        return across, within, among

    @cached_property
    def kernels(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same of the kernel of the kernel distance."""
        pairs = ((self.generated, self.reference), (self.generated, self.generated), (self.reference, self.reference))
        across, within, among = (sets.polynomial_kernel(*pair) for pair in pairs)
        return across, within, among

    @cached_property
    def likelihood(self) -> generalisation.Likelihood:
        return generalisation.feature_likelihood(self.generated, self.reference, self.train)
