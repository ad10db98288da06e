"""Which training images are copied: how often each, and whether isolated or prototypical ones are copied more."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.stats import norm, rankdata

from creativity import store
from creativity.measures import verdict
from creativity.types import Flags, Neighbours, Places, Values

COPIED = store.RUN | {"id": store.TEXT, "label": store.TEXT, "copies": store.LONG, "sample": store.LONG}
COPIED |= {"near": store.LONG, "isolation": store.REAL, "reference_distance": store.REAL, "duplicates": store.LONG}
FIRST = store.RUN | {"attribute": store.TEXT, "correlation": store.REAL, "p": store.REAL, "p_holm": store.REAL}
FIRST |= {"limit": store.REAL, "copies": store.LONG, "copied": store.LONG, "images": store.LONG}
ISOLATION, PROTOTYPICALITY = ATTRIBUTES = ("isolation", "prototypicality")
FALSE_ALARMS = 0.01  # share of real, new images that are as near to a training image as what counts as a copy
FALSE_COPIES = 0.05  # of those that are counted
FIFTHS = 5  # parts of the training images, by isolation, in each of which that holds
FEWEST_REAL = 20  # real images that are nearest to a part's, below which nothing is known of it


class Order(NamedTuple):
    """Whether training images with more of an attribute are copied more.

    correlation: in -1..1, of ranks, within groups of images that stand equally often; p: two-sided. Both are NaN where all are
    copied equally often. copied: images that are copied at all; images: those that differ.
    """

    correlation: float
    p: float
    copied: int
    images: int


Apart = Callable[[int, Places], Values]  # the distances of one training image to others


def clusters(near: Neighbours, limit: float, apart: Apart) -> Places:
    """The cluster of near-duplicates that each training image is in, [n]: one that leads, and images nearer than `limit` to it.

    It leads whose listed neighbours are nearest, of those in no cluster yet; the others are those that links from neighbour to
    neighbour lead to within `limit` of it. So thousands of smooth images are no chain that counts as one, and only about as many
    distances are worked out as there are links. near: of each training image, its nearest other ones.

    >>> near = Neighbours(np.array([[0.1], [0.1], [3.0]]), np.array([[1], [0], [1]]), np.zeros((3, 1), dtype=bool))
    >>> clusters(near, limit=1.0, apart=lambda one, others: np.full(len(others), 0.1)).tolist()
    [0, 0, 1]
    """
    first, rank = np.nonzero(near.distances < limit)
    listed = coo_array((np.ones(len(first)), (first, near.indices[first, rank])), shape=(len(near.indices),) * 2)
    links = (listed + listed.T).tocsr()
    chain = connected_components(links, directed=False)[1]
    leader = np.unique(chain, return_index=True)[1][chain]
    free = np.bincount(chain)[chain] > 2  # two are within the limit of each other
    order = np.argsort(near.distances[:, -1], kind="stable")
    for place in order[free[order]].tolist():
        if free[place]:
            members = reached(place, links, free, limit, apart)
            leader[members], free[members] = place, False
    return np.asarray(np.unique(leader, return_inverse=True)[1], dtype=np.int64)


def reached(start: int, links: csr_array, free: Flags, limit: float, apart: Apart) -> Places:
    """The free images that links lead to from one of them, itself included, without leaving those nearer than `limit` to it."""
    members = [np.array([start])]
    asked = {start}
    while len(members[-1]):
        linked = np.unique(links[members[-1]].indices).tolist()
        others = np.array([place for place in linked if free[place] and place not in asked], dtype=np.int64)
        asked.update(others.tolist())
        members.append(others[apart(start, others) < limit] if len(others) else others)
    return np.concatenate(members)


def isolation(near: Neighbours, cluster: Places, unit: float) -> Values:
    """The distance of each training image's cluster to the nearest image outside it, over a unit, [n].

    Where all that are listed as nearest to its images lie in the cluster, it is at least the farthest of them. In a row of images
    that change little by little the next cluster may be nearer than a near-duplicate.
    """
    count = int(cluster.max(initial=-1)) + 1
    least, farthest = np.full(count, np.inf), np.zeros(count)
    np.minimum.at(least, cluster, np.where(cluster[near.indices] != cluster[:, None], near.distances, np.inf).min(axis=1))
    np.maximum.at(farthest, cluster, near.distances[:, -1])
    return np.where(np.isfinite(least), least, farthest)[cluster] / (unit if unit > 0 else 1.0)


def sources(
    scores: Mapping[str, Values], nearest: Mapping[str, Places], real: Mapping[str, Values], indistinguishable: Flags
) -> Places:
    """The training image that each sample is nearest to by the evidence of the verdict, [samples].

    That is the nearest one in the space in which the sample's copy score lies farthest below those of real images, and in pixels
    where nobody can tell the two apart. scores, nearest: of the samples in each space; real: copy scores of the reference.
    """
    spaces = list(scores)
    standing = np.stack([verdict.standardised(scores[space], real[space]) for space in spaces])
    least = np.where(indistinguishable, spaces.index("pixel"), standing.argmin(axis=0))
    return np.stack([nearest[space] for space in spaces])[least, np.arange(standing.shape[1])]


def fifth_of(attribute: Values) -> Places:
    """In which fifth of the training images each of them is by an attribute, from 0 to 4, [n]; those that tie are in one.

    >>> fifth_of(np.array([3.0, 1.0, 4.0, 2.0, 5.0])).tolist(), fifth_of(np.zeros(3)).tolist()
    ([2, 0, 3, 1, 4], [2, 2, 2])
    """
    return np.minimum((rankdata(attribute) - 0.5) * FIFTHS / max(len(attribute), 1), FIFTHS - 1).astype(int)


def neutral_limit(first: Values, nearest: Places, isolation: Values) -> float:
    """A distance to a training image at which a sample counts as its copy, however isolated that image is.

    It is the least, over the fifths of the training images by isolation, of the 1 % quantile of d1 of real, new images that are
    nearest to one of them. One distance for all favours neither isolated images, as the gap ratio and any score over a local scale
    do, since an equally good copy of any image counts; nor prototypical ones, which real, new images are nearer to by chance.
    first, nearest: d1 of real images, and to which training image; isolation: of the training images.
    """
    part = fifth_of(isolation)[nearest]
    parts = [first[part == i] for i in range(FIFTHS) if (part == i).sum() >= FEWEST_REAL] or [first]
    return min((float(np.sort(d1)[int(FALSE_ALARMS * len(d1))]) for d1 in parts if len(d1)), default=0.0)


def are_enough(copies: int, samples: int, first: Values, limit: float) -> bool:
    """Whether at most 5 % of so many copies among so many samples can be real, new images that are nearer than the limit by chance.

    Their share is that of (1 + such real images) / (1 + real images). Fewer say nothing: the few false ones are of prototypical
    images. first: d1 of real images.

    >>> are_enough(10, 100, np.full(199, 2.0), 1.0), are_enough(9, 100, np.full(199, 2.0), 1.0)
    (True, False)
    """
    by_chance = samples * (1 + int((first < limit).sum())) / (1 + len(first))
    return by_chance <= FALSE_COPIES * copies


def order(counts: Values, cluster: Places, attribute: Values) -> Order:
    """Whether images with more of an attribute are copied more often: a permutation test of ranks, by its normal limit.

    Near-duplicates are one image, with the copies of all of them; images are compared with those that stand equally often, since
    what stands twice may be copied twice as often. T = sum (rank of copies - mean) (rank of attribute - mean) over such groups has
    the mean 0 and the variance sum S_a S_b / (m - 1) over all permutations within them, S being sums of squares in a group of m. So
    copies may be as unequal among images as they like: only a tie to the attribute counts. counts, cluster, attribute: of each
    training image.
    """
    sizes, copies = np.bincount(cluster), np.bincount(cluster, weights=counts)
    of_cluster = np.full(len(sizes), -np.inf)
    np.maximum.at(of_cluster, cluster, attribute)
    groups = [sums(copies[sizes == size], of_cluster[sizes == size]) for size in np.unique(sizes)]
    total, variance, squares_a, squares_b = np.sum(groups, axis=0) if groups else np.zeros(4)
    known = variance > 0
    correlation = total / np.sqrt(squares_a * squares_b) if known else np.nan
    p = 2 * norm.sf(abs(total) / np.sqrt(variance)) if known else np.nan
    return Order(float(correlation), float(p), int((copies > 0).sum()), len(sizes))


def sums(a: Values, b: Values) -> Sequence[float]:
    """Of the ranks of two columns about their means: the sum of products, its variance over permutations, both sums of squares."""
    ranks_a, ranks_b = (rankdata(side) - (len(side) + 1) / 2 for side in (a, b))
    squares_a, squares_b = float(ranks_a @ ranks_a), float(ranks_b @ ranks_b)
    return float(ranks_a @ ranks_b), squares_a * squares_b / max(len(a) - 1, 1), squares_a, squares_b
