"""Copies in disguise: pixels after the best mirror, shift, zoom, gain and offset of the training image."""

from collections.abc import Iterator
from itertools import product

import numpy as np
from scipy.ndimage import zoom

from creativity.neighbours.vectors import flatten, slices
from creativity.types import Neighbours, Pictures, Vectors

SHIFT = 1 / 8  # of the side: farthest shift, in whole pixels, at least 1
CROP = 7 / 8  # of the side: what a zoomed copy shows
GAIN = (0.5, 2.0)  # contrast of a copy over that of the training image: no grey image is a copy of all
AT_ONCE = 512  # queries
ROUNDING = 1e-13  # of the squared norms: squared distances below are 0

Window = tuple[slice, slice]


def search(queries: Pictures, train: Pictures, k: int, itself: bool = False) -> Neighbours:
    """The k nearest training images of each query by the least distance over all views of a training image.

    A view is the image or its mirror image, shifted, or a crop of it at full size. The distance to a view t is
    min |g - a t - b| over gains a in GAIN and offsets b, over the pixels that both have, times the root of all pixels over
    these. Without the limits on a it is |g - mean g| sqrt(1 - r^2), r being Pearson's correlation over these pixels.
    `itself`: the queries are the training images, and none is its own neighbour.
    """
    k = min(k, len(train) - itself)
    columns: list[list[np.ndarray]] = [[], [], []]
    for rows in slices(len(queries), AT_ONCE):
        plain, mirror = (least_squares(queries[rows], side) for side in (train, train[..., ::-1]))
        least = np.minimum(plain, mirror)
        if itself:
            least[np.arange(len(least)), np.arange(rows.start, rows.stop)] = np.inf
        order = np.argsort(least, axis=1, kind="stable")[:, :k]
        for column, values in zip(columns, (np.sqrt(least), order, mirror < plain), strict=True):
            column.append(order if values is order else np.take_along_axis(values, order, axis=1))
    empty = (np.zeros((0, k)), np.zeros((0, k), dtype=np.int64), np.zeros((0, k), dtype=bool))
    return Neighbours(*(np.concatenate(column) if column else none for column, none in zip(columns, empty, strict=True)))


def least_squares(queries: Pictures, train: Pictures) -> np.ndarray:
    """The least squared distance over the views of each training image, without its mirror image: [queries, train], float64."""
    least = np.full((len(queries), len(train)), np.inf)
    for window, view in views(train):
        np.minimum(least, squared(queries[(..., *window)], view, int(np.prod(queries.shape[1:]))), out=least)
    return least


def views(train: Pictures) -> Iterator[tuple[Window, Pictures]]:
    """Each view of all training images, with the window of a query that it is compared with."""
    h, w = train.shape[2:]
    most = max(1, round(SHIFT * min(h, w)))
    for down, right in product(range(-most, most + 1), repeat=2):
        yield overlap(h, w, down, right), train[(..., *overlap(h, w, -down, -right))]
    for crop in crops(train):
        yield (slice(0, h), slice(0, w)), crop


def overlap(h: int, w: int, down: int, right: int) -> Window:
    """The rows and columns in which an image moved down and right covers another."""
    return slice(max(down, 0), h + min(down, 0)), slice(max(right, 0), w + min(right, 0))


def crops(train: Pictures) -> Iterator[Pictures]:
    """The images' crops at nine places, brought to full size by cubic interpolation."""
    h, w = train.shape[2:]
    rows, columns = round(CROP * h), round(CROP * w)
    for top, left in product((0, (h - rows) // 2, h - rows), (0, (w - columns) // 2, w - columns)):
        part = train[..., top : top + rows, left : left + columns]
        yield zoom(part, (1, 1, h / rows, w / columns), order=3, mode="nearest", grid_mode=True)


def squared(queries: Pictures, views: Pictures, whole: int) -> np.ndarray:
    """Squared distances [queries, views] after the best gain and offset, scaled up to so many values."""
    g, t = centred(queries), centred(views)
    products, of_g, of_t = g @ t.T, np.square(g).sum(axis=1)[:, None], np.square(t).sum(axis=1)[None]
    gain = np.clip(np.divide(products, of_t, out=np.ones_like(products), where=of_t > 0), *GAIN)
    squares = of_g - 2 * gain * products + np.square(gain) * of_t
    squares[squares < ROUNDING * (of_g + of_t)] = 0
    return np.asarray(squares * (whole / g.shape[1]))


def centred(pictures: Pictures) -> Vectors:
    rows = flatten(pictures)
    return rows - rows.mean(axis=1, keepdims=True)
