"""Is a sample a training image? Everything here looks at the training set."""

import numpy as np

from creativity.measures import verdict
from creativity.neighbours.search import nearest
from creativity.neighbours.vectors import distances, slices
from creativity.types import Flags, Neighbours, Places, Values, Vectors

MEMORISED_BELOW = 1 / 3
REPEATED = 0.01  # share of the reference that counts as repeated
AT_ONCE = 2**23  # pairs of images


def gap_ratio(first: Values, second: Values) -> Values:
    """d1 / d2, distances to the nearest and second nearest training image; 0 where both are 0 (Yoon et al. 2023).

    Below 1/3 a sample counts as memorised. A copy of an image that has a near-duplicate in the training set is missed,
    since then d1 and d2 are both small: see `second_distinct`.
    """
    return np.divide(first, second, out=np.zeros_like(first), where=second > 0)


def memorised(ratio: Values) -> Flags:
    """d1 / d2 < 1/3 (Yoon et al. 2023; Gu et al. 2023)."""
    return ratio < MEMORISED_BELOW


def near_duplicates(nearest: dict[str, Values], values: int) -> dict[str, int]:
    """How many images of each side are near-duplicates of a training image: nobody tells the two apart.

    nearest: d1 in pixel space by side, that of "train" to the others. values: of one image.
    """
    return {side: int(verdict.indistinguishable(distances, values).sum()) for side, distances in nearest.items()}


def second_distinct(samples: Vectors, train: Vectors, mirrors: Vectors | None, near: Neighbours) -> Values:
    """Distance [n] to the nearest training image that is no near-duplicate of the nearest one: d2 for a gap ratio no copy can fool.

    Near-duplicates are within `verdict.limit` of the nearest image, or their mirror images are: there is no chain of them.
    Infinite where all others are near-duplicates. train, mirrors (None: they do not count): [m, d] in pixels.
    """
    distinct = ~near_duplicates_of(near.indices[:, 0], near.indices, train, mirrors)
    first = np.argmax(distinct, axis=1)
    second = near.distances[np.arange(len(first)), first]
    rest = np.flatnonzero(~distinct.any(axis=1))  # all k neighbours are near-duplicates: look at all training images
    for rows in slices(len(rest), max(1, AT_ONCE // len(train))):
        some = rest[rows]
        squares, same = (least_squares(images, train, mirrors) for images in (samples[some], train[near.indices[some, 0]]))
        squares[same < verdict.limit(train.shape[1]) ** 2] = np.inf
        found = squares.argmin(axis=1)
        away = least_distance(samples[some], found, train, mirrors)
        second[some] = np.where(np.isinf(squares[np.arange(len(some)), found]), np.inf, away)
    return second


def near_duplicates_of(first: Places, others: np.ndarray, train: Vectors, mirrors: Vectors | None) -> np.ndarray:
    """Whether each of a row of training images [n, k] is the first of it, [n], or its near-duplicate."""
    away = [least_distance(train[first], column, train, mirrors) for column in others.T]
    return np.stack(away, axis=1) < verdict.limit(train.shape[1])


def least_distance(images: Vectors, places: Places, train: Vectors, mirrors: Vectors | None) -> Values:
    """Distance [n] of each image to the training image beside it, or to its mirror image where that is nearer."""
    return np.min([distances(images, side[places]) for side in (train, mirrors) if side is not None], axis=0)


def least_squares(images: Vectors, train: Vectors, mirrors: Vectors | None) -> np.ndarray:
    """The squares of these distances for all pairs [n, m], by |a|^2 + |b|^2 - 2 a.b and thus with the rounding of its terms."""
    squares = np.max([images @ side.T for side in (train, mirrors) if side is not None], axis=0)
    squares *= -2
    squares += np.einsum("ij,ij->i", images, images)[:, None]
    squares += np.einsum("ij,ij->i", train, train)
    return np.maximum(squares, 0, out=squares)


def repeated(samples: Vectors, reference: Vectors) -> Flags:
    """Whether another sample is nearer to each than all but 1 % of m reference images are to each other, [n].

    It is looked for among at most m consecutive samples, since the nearest of more others is nearer: so of real, new images about
    1 % are. samples, reference: in pixels.
    """
    own = np.sort(nearest(reference, reference, 1, itself=True).distances[:, 0])
    parts = [part for part in np.array_split(samples, max(1, -(-len(samples) // len(reference)))) if len(part) > 1]
    away = [nearest(part, part, 1, itself=True).distances[:, 0] for part in parts]
    return np.concatenate([*away, np.full(len(samples) - sum(map(len, away)), np.inf)]) < own[int(REPEATED * len(own))]


def heldout_percentile(first: Values, heldout_first: Values) -> Values:
    """Share of held-out images whose own d1 is strictly below the sample's: 0 is closer than any real image."""
    return np.searchsorted(np.sort(heldout_first), first, side="left") / len(heldout_first)


def authentic(first: Values, nearest_train: np.ndarray, train_nearest: Values) -> Flags:
    """d(t, its nearest other training image) < d(g, t), t the training image nearest to g (Alaa et al. 2022).

    first: d(g, t) [n]; nearest_train: index of t [n]; train_nearest: distance of each training image to its nearest other one.
    """
    return train_nearest[nearest_train] < first


def largest_source_share(sources: np.ndarray) -> Values:
    """Share of an image's tiles whose closest training tile comes from its most frequent source; sources [n, rows, cols]."""
    flat = sources.reshape(len(sources), -1)
    return np.array([np.unique(row, return_counts=True)[1].max() / flat.shape[1] for row in flat], dtype=np.float64)


def collage_residual(distances: np.ndarray) -> Values:
    """Distance of an image to the one put together from its closest training tiles; distances [n, rows, cols]."""
    return np.sqrt(np.square(distances).sum(axis=(1, 2)))


def half_collage_residual(distances: np.ndarray) -> Values:
    """The same over the closer half of the tiles alone: small where as much is copied, whatever the rest is; [n, rows, cols]."""
    squares = np.sort(np.square(distances).reshape(len(distances), -1), axis=1)
    return np.sqrt(squares[:, : (squares.shape[1] + 1) // 2].sum(axis=1))
