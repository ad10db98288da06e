"""Copies in disguise: pixels after the best mirror, shift, zoom, blur, gain and offset of the training image."""

from collections.abc import Callable, Iterator
from itertools import product
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter, zoom

from creativity.neighbours.search import Product, on_cpu
from creativity.neighbours.vectors import flatten, in_rows, slices
from creativity.types import Neighbours, Pictures, Values, Vectors

SHIFT = 1 / 8  # of the side: farthest shift, in whole pixels, at least 1
CROPS = (7 / 8, 15 / 16)  # of the side: what zoomed copies show
SMOOTH = 0.7  # standard deviation in pixels with which all images are blurred first: noise, JPEG and lost sharpness count less
GAIN = (0.5, 2.0)  # contrast of a copy over that of the training image: no grey image is a copy of all
CANDIDATES = 128  # training images whose distances are worked out, those of the least bounds
GRID = 8  # blocks along a side of a sketch
PAIRS = 2**25  # of queries and training images at once
AT_ONCE = 1024  # training images
VALUES = 2**22  # of pairs that are compared one by one
ROUNDING = 1e-5  # of squared norms: more than what float32 makes of a bound
EXACT = 1e-13  # of squared norms: squared distances below are 0

Cut = Callable[[Pictures], Pictures]


class Sketch(NamedTuple):
    """Images about their means as short rows of the same norms, and the squares of these."""

    rows: Vectors
    squares: Values


def search(queries: Pictures, train: Pictures, k: int, itself: bool = False, product: Product = on_cpu) -> Neighbours:
    """The k nearest training images of each query by the least distance over all views of a training image.

    A view is the image or its mirror image, shifted, or blurred, or a crop of it that the query shows at full size. The distance
    to a view t is min |g - a t - b| over gains a in GAIN and offsets b, over the pixels that both have, times the root of all
    pixels over these. Without the limits on a it is |g - mean g| sqrt(1 - r^2), r being Pearson's correlation.

    All distances are exact. Of more than CANDIDATES training images those with the least `bounds` are searched: nothing is missed
    unless the bound of another one is below the k-th distance, and then it is no nearer than its bound.
    `itself`: the queries are the training images, and none is its own neighbour.
    """
    k = min(k, len(train) - itself)
    queries, train = smooth(queries), smooth(train)
    columns: list[list[np.ndarray]] = [[], [], []]
    for rows in slices(len(queries), max(1, PAIRS // max(len(train), 1))):
        chosen = candidates(queries[rows], train, rows.start if itself else None)
        squares, flags = least_squares(queries[rows], train, chosen)
        order = np.argsort(squares, axis=1, kind="stable")[:, :k]
        for column, values in zip(columns, (np.sqrt(squares), chosen, flags), strict=True):
            column.append(np.take_along_axis(values, order, axis=1))
    empty = (np.zeros((0, k)), np.zeros((0, k), dtype=np.int64), np.zeros((0, k), dtype=bool))
    return Neighbours(*(np.concatenate(column) if column else none for column, none in zip(columns, empty, strict=True)))


def candidates(queries: Pictures, train: Pictures, own: int | None) -> np.ndarray:
    """Of each query the training images with the least bounds, rising [n, at most CANDIDATES]. own: as in search.candidates."""
    places = np.arange(len(train))
    if own is not None:
        others = np.array([np.delete(places, own + i) for i in range(len(queries))])
    if len(train) - (own is not None) <= CANDIDATES:
        return others if own is not None else np.tile(places, (len(queries), 1))
    least = bounds(queries, train)
    if own is not None:
        least[np.arange(len(least)), own + np.arange(len(least))] = np.inf
    return np.sort(np.argpartition(least, CANDIDATES - 1, axis=1)[:, :CANDIDATES], axis=1)


def bounds(queries: Pictures, train: Pictures) -> np.ndarray:
    """Lower bounds of the squared distances, by sketches [queries, train], float32."""
    least = np.full((len(queries), len(train)), np.inf, dtype=np.float32)
    both = np.concatenate([queries, queries[..., ::-1]])
    for part, cut in views(both):
        g, scale = sketch(part), np.float32(size(both) / size(part))
        for block in slices(len(train), AT_ONCE):
            t = sketch(cut(train[block]))
            for rows in slices(len(queries), AT_ONCE // 4):
                for start in (0, len(queries)):
                    of_g = slice(rows.start + start, rows.stop + start)
                    found = lower(Sketch(g.rows[of_g], g.squares[of_g]), t)
                    np.minimum(least[rows, block], found * scale, out=least[rows, block])
    return least


def lower(g: Sketch, t: Sketch) -> np.ndarray:
    """`residual` of all pairs of two sketches, by one product of matrices."""
    norms = np.sqrt(t.squares)
    products = g.rows @ np.divide(t.rows, norms[:, None], out=np.zeros_like(t.rows), where=norms[:, None] > 0).T
    gained = np.clip(products, GAIN[0] * norms, GAIN[1] * norms)  # gain times norm
    products *= 2
    products -= gained
    products *= gained
    return np.subtract(g.squares[:, None], products, out=products)


def least_squares(queries: Pictures, train: Pictures, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The least squared distances over all views of the chosen training images [n, chosen], and whether by a mirror image."""
    n, whole = len(queries), size(queries)
    squares, flags = np.full(chosen.shape, np.inf), np.zeros(chosen.shape, dtype=bool)
    rows, places = np.repeat(np.arange(n), chosen.shape[1]), chosen.ravel()
    for part, cut in views(np.concatenate([queries, queries[..., ::-1]])):
        g, scale = sketch(part), whole / size(part)
        for block in slices(len(train), AT_ONCE):
            inside = np.flatnonzero((places >= block.start) & (places < block.stop))
            t_part = cut(train[block])
            t = sketch(t_part)
            for pairs in (inside[s] for s in slices(len(inside), max(1, VALUES // max(g.rows.shape[1], 1)))):
                for mirrored in (False, True):
                    a, b = rows[pairs] + n * mirrored, places[pairs] - block.start
                    of_g, of_t = g.squares[a], t.squares[b]
                    bound = residual(np.einsum("ij,ij->i", g.rows[a], t.rows[b]), of_g, of_t) - ROUNDING * (of_g + of_t)
                    nearer = np.flatnonzero(bound * scale < squares.ravel()[pairs])
                    for some in (nearer[s] for s in slices(len(nearer), max(1, VALUES // size(part)))):
                        exact = scale * squared(part[a[some]], t_part[b[some]])
                        update = exact < squares.ravel()[pairs[some]]
                        squares.ravel()[pairs[some][update]] = exact[update]
                        flags.ravel()[pairs[some][update]] = mirrored
    return squares, flags


def views(queries: Pictures) -> Iterator[tuple[Pictures, Cut]]:
    """What a query shows in each view, and the function that takes a training image to the same."""
    h, w = queries.shape[2:]
    most = max(1, round(SHIFT * min(h, w)))
    for down, right in sorted(product(range(-most, most + 1), repeat=2), key=lambda move: move[0] ** 2 + move[1] ** 2):
        yield queries[overlap(h, w, down, right)], itemgetter(overlap(h, w, -down, -right))
    for rows, columns in dict.fromkeys((round(share * h), round(share * w)) for share in CROPS):
        small = shrink(queries, rows, columns)
        for top, left in product(range(h - rows + 1), range(w - columns + 1)):
            yield small, itemgetter((..., slice(top, top + rows), slice(left, left + columns)))


def smooth(pictures: Pictures) -> Pictures:
    return gaussian_filter(pictures, (0, 0, SMOOTH, SMOOTH), mode="nearest")


def overlap(h: int, w: int, down: int, right: int) -> tuple:
    """The rows and columns in which an image moved down and right covers another."""
    return (..., slice(max(down, 0), h + min(down, 0)), slice(max(right, 0), w + min(right, 0)))


def shrink(pictures: Pictures, rows: int, columns: int) -> Pictures:
    """The images with so many rows and columns, by cubic splines."""
    down, across = (
        zoom(np.eye(side), (length / side, 1), order=3, mode="nearest", grid_mode=True).astype(pictures.dtype)
        for side, length in zip(pictures.shape[2:], (rows, columns), strict=True)
    )
    return np.asarray(down @ pictures @ across.T)


def sketch(pictures: Pictures) -> Sketch:
    """The means of blocks times the roots of their sizes, and the norm of what these leave out.

    Sums over blocks are an orthogonal projection P, so that <g, t> <= <P g, P t> + |g - P g| |t - P t| (Cauchy and Schwarz): what
    `residual` makes of sketches is at most what it makes of the images.
    """
    centred = pictures - pictures.mean(axis=(1, 2, 3), keepdims=True, dtype=np.float32)
    sums = centred
    for axis in (2, 3):
        edges = np.unique(np.arange(GRID) * pictures.shape[axis] // GRID)
        lengths = np.diff(np.append(edges, pictures.shape[axis])).astype(np.float32)
        sums = np.add.reduceat(sums, edges, axis=axis) / np.sqrt(lengths[:, None] if axis == 2 else lengths)
    squares = np.einsum("ij,ij->i", in_rows(centred), in_rows(centred))
    rows = in_rows(sums)
    rest = np.sqrt(np.maximum(squares - np.einsum("ij,ij->i", rows, rows), 0))
    return Sketch(np.concatenate([rows, rest[:, None]], axis=1), squares)


def squared(queries: Pictures, views: Pictures) -> Values:
    """min |g - a t - b|^2 of each query and the view beside it [n], in float64."""
    g, t = (rows - rows.mean(axis=1, keepdims=True) for rows in map(flatten, (queries, views)))
    products, of_g, of_t = (np.einsum("ij,ij->i", *pair) for pair in ((g, t), (g, g), (t, t)))
    g -= best_gain(products, of_t)[:, None] * t
    squares = np.einsum("ij,ij->i", g, g)
    return np.where(squares < EXACT * (of_g + of_t), 0, squares)


def residual(products: Values, of_g: Values, of_t: Values) -> Values:
    """|g - a t|^2 at the best a in GAIN, from <g, t> and the squared norms."""
    gain = best_gain(products, of_t)
    return of_g - gain * (2 * products - gain * of_t)


def best_gain(products: Values, of_t: Values) -> Values:
    return np.clip(np.divide(products, of_t, out=np.ones_like(products), where=of_t > 0), *GAIN)


def size(pictures: Pictures) -> int:
    return int(np.prod(pictures.shape[1:]))
