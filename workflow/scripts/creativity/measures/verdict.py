"""The verdict on a sample: copy, collage, new and real, or new and unreal. Held-out images set the error rate of every line."""

from collections.abc import Sequence

import numpy as np
from scipy.stats import false_discovery_control

from creativity.measures.classes import COLLAGE, COPY, MOSAIC, NEW_REAL, NEW_UNREAL, PART_COPY
from creativity.types import Flags, Neighbours, Values

LEVEL = 0.05  # share of new, real images that are called a copy, and share that are called a collage
FALSE_DISCOVERIES = 0.05  # of the copies that are counted
GREY_LEVELS = 4.0  # root mean square difference, of 255, below which nobody tells two images apart
PARTS_NEARER = 0.5  # the distance to a collage over that to a training image, below which a sample is no copy of that one image
MOST_OF_IT = 0.5  # share of tiles of one training image, from which on a collage is a part copy
AT_ONCE = 2**24  # comparisons
TINY = 1e-12  # scores below are 0


def copy_score(near: Neighbours, scale: Values) -> Values:
    """d1 over the local scale: the distance of the nearest training image to its 5th nearest reference image, [n].

    So a sample near an isolated image counts as one near a typical image; and a training image that stands twice is as easily
    copied as one that stands alone. near: of n images; scale: [training images].
    """
    positive = scale[scale > 0]
    least = positive.min() if len(positive) else 1.0
    return near.distances[:, 0] / np.maximum(scale, least)[near.indices[:, 0]]


def p_value(scores: Sequence[Values], heldout: Sequence[Values]) -> Values:
    """The p-value of each sample for being a new, real image, where low scores in any one of several spaces speak against it: [n].

    A sample and the m held-out images are ranked together in each space, each keeps its best rank, and p is the share of these
    m + 1 images whose best rank is no worse than the sample's: exact where the sample is exchangeable with them, as in any
    conformal test (Vovk et al. 2005), and at least 1 / (m + 1). The least p over the spaces times their number (Bonferroni) is
    never lower. scores, heldout: one entry a space, [n] and [m].
    """
    count = len(heldout[0])
    among = np.stack([np.searchsorted(np.sort(held), held, side="right") for held in heldout])  # ranks of the held-out images
    own = np.stack([np.searchsorted(np.sort(held), score, side="right") + 1 for held, score in zip(heldout, scores, strict=True)])
    p, step = np.empty(own.shape[1]), max(1, AT_ONCE // max(among.size, 1))
    for start in range(0, len(p), step):
        rows = slice(start, start + step)
        nearer = np.stack([score[rows, None] <= held for held, score in zip(heldout, scores, strict=True)])
        others = (among[:, None] + nearer).min(axis=0)
        p[rows] = (1 + (others <= own[:, rows].min(axis=0)[:, None]).sum(axis=1)) / (count + 1)
    return p


def evidence(scores: Sequence[Values], real: Sequence[Values]) -> Values:
    """How far copy scores lie below those of real images, in the space in which they are farthest below: low is near, [n].

    min over spaces of (ln s - median) / (median - 10 % quantile), these two of ln s of the reference images. As the reference is
    neither held-out nor generated, `p_value` of this number is exact for any number of spaces, and it is as fine as with one
    space: p-values of ranks in several spaces are not below their number / (m + 1), since in each some held-out image is lowest.
    scores, real: one entry a space, [n] and [reference].
    """
    return np.min([standardised(score, of_real) for score, of_real in zip(scores, real, strict=True)], axis=0)


def standardised(scores: Values, real: Values) -> Values:
    """(ln s - median) / (median - 10 % quantile), of ln s of real images; where these are equal, the denominator is 1.

    >>> standardised(np.array([1.0, np.e]), np.exp([-3.0, -1.0, 1.0, 3.0, 5.0])).round(3).tolist()
    [-0.312, 0.0]
    """
    logarithms, of_real = np.log(np.maximum(scores, TINY)), np.log(np.maximum(real, TINY))
    median, low = np.quantile(of_real, (0.5, 0.1))
    return (logarithms - median) / (median - low if median > low else 1)


def found(scores: Values, heldout: Values, false_alarms: float) -> Flags:
    """Which samples have lower scores than all held-out images but this share of them, [n].

    With 100 held-out images and 1 %: lower than the second lowest, so that one of the 100 is found itself.
    """
    return scores < np.sort(heldout)[int(false_alarms * len(heldout) + 1e-9)]


def copied(p: Values, in_parts: Flags, same: Flags, heldout_same: Flags) -> Flags:
    """Which samples are of class copy: p is at most 5 % and parts of several images do not explain more (`in_parts`), or nobody can
    tell them from a training image, as he can held-out images.

    Where a held-out image is indistinguishable too, as a patch of clear sky is, new images look like that, and p alone decides.
    A new, real image is indistinguishable while none of m held-out ones is with a probability of at most 1 / (m + 1), so that
    it is called a copy with one of at most .05 + 1 / (m + 1). same, heldout_same: who is `indistinguishable`, [n] and [m].

    >>> none = np.zeros(3, dtype=bool)
    >>> copied(np.array([0.01, 0.01, 0.3]), np.array([False, True, False]), none, np.zeros(19, dtype=bool)).tolist()
    [True, False, False]
    >>> copied(np.array([0.01, 0.3, 0.3]), none, np.array([False, True, False]), np.zeros(19, dtype=bool)).tolist()
    [True, True, False]
    """
    return ((p <= LEVEL) & ~in_parts) | (same & (not heldout_same.any()))


def in_parts(p_collage: Values, residual: Values, whole: Values) -> Flags:
    """Which samples are collages that lie nearer to the collage than half the way to the nearest training image, [n].

    Half of a training image may be so near to the whole that `p_copy` is low, above all where all images are about equally far
    from each other. Yet its halves lie at 0. residual: the distance to the collage; whole: to the nearest training image, the
    least over the spaces whose unit is that of pixels.
    """
    return (p_collage <= LEVEL) & (residual < PARTS_NEARER * whole)


def copies(p: Values) -> Flags:
    """Which samples are copies at a false discovery rate of 5 % (Benjamini & Hochberg 1995)."""
    return np.asarray(false_discovery_control(p) <= FALSE_DISCOVERIES) if len(p) else np.zeros(0, dtype=bool)


def least_copies(samples: int, heldout: int) -> int:
    """How many of the samples must be copies for `copies` to find any: N / (.05 (m + 1)), since no p is below 1 / (m + 1).

    >>> least_copies(samples=100, heldout=100)
    20
    """
    return int(np.ceil(samples / (FALSE_DISCOVERIES * (heldout + 1)) - 1e-9))


def indistinguishable(first: Values, values: int) -> Flags:
    """Whether the root mean square difference to a training image is below 4 of 255 grey levels; first: d1 in pixel space [n]."""
    return first < limit(values)


def limit(values: int) -> float:
    """The distance of two images of so many values whose root mean square difference is 4 of 255 grey levels.

    >>> round(limit(256) / 16 * 255 / 2, 6)
    4.0
    """
    return GREY_LEVELS * 2 / 255 * float(np.sqrt(values))


def classes(copied: Flags, collaged: Flags, real: Flags) -> list[str]:
    """The first that holds of copy, collage, new and real; else new and unreal."""
    return [str(name) for name in np.select([copied, collaged, real], [COPY, COLLAGE, NEW_REAL], NEW_UNREAL)]


def kinds(names: Sequence[str], largest_share: Values) -> list[str | None]:
    """What a collage is: a part copy where one training image has at least half of the tiles, else a mosaic; None: no collage."""
    kind = np.where(largest_share >= MOST_OF_IT, PART_COPY, MOSAIC)
    return [str(text) if name == COLLAGE else None for name, text in zip(names, kind, strict=True)]
