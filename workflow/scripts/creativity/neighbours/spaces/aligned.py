"""Copies in disguise: pixels after the best mirror, shift, zoom, blur, gain and offset of the training image."""

from collections.abc import Callable, Iterator
from itertools import product
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter, zoom

from creativity.neighbours.search import Product, on_cpu
from creativity.neighbours.vectors import flatten, in_rows, slices
from creativity.types import Neighbours, Pictures, Places, Values, Vectors

SHIFT = 1 / 8  # of the side: farthest shift, in whole pixels, at least 1
CROPS = (7 / 8, 15 / 16)  # of the side: what zoomed copies show
SMOOTH = 0.7  # standard deviation in pixels with which all images are blurred first: noise, JPEG and lost sharpness count less
GAIN = (0.5, 2.0)  # contrast of a copy over that of the training image: no grey image is a copy of all
ALL = 512  # training images up to which the distances of all are worked out
CANDIDATES = 64  # of more, those that are, the ones of the least bounds
GRID = 8  # blocks along a side of a sketch
PAIRS = 2**25  # of queries and training images at once
AT_ONCE = 1024  # training images
VALUES = 2**22  # of pairs that are compared one by one
ROUNDING = 1e-5  # of squared norms: more than what float32 makes of a bound
EXACT = 1e-13  # of squared norms: squared distances below are 0

Cut = Callable[[Pictures], Pictures]


class Rows(NamedTuple):
    """Images about their means as rows, or shorter ones of the same norms, and the squares of these."""

    rows: Vectors
    squares: Values


class Least(NamedTuple):
    """The least squared distances over all views, in float32, and in which view: twice its number, 1 more for mirror images."""

    squares: np.ndarray
    views: np.ndarray


def search(queries: Pictures, train: Pictures, k: int, itself: bool = False, product: Product = on_cpu) -> Neighbours:
    """The k nearest training images of each query by the least distance over all views of a training image.

    A view is the image or its mirror image, shifted, or a crop of it that the query shows at full size. The distance to a view t is
    min |g - a t - b| over gains a in GAIN and offsets b, over the pixels that both have, times the root of all pixels over these.
    Without the limits on a it is |g - mean g| sqrt(1 - r^2), r being Pearson's correlation. All images are blurred by SMOOTH first.

    Views are chosen in float32, and the distances in them worked out in float64. Of more than ALL training images only CANDIDATES
    are compared, those with the least lower bounds (`sketch`): another one can be nearer than the k-th only if its bound is.
    `itself`: the queries are the training images, and none is its own neighbour.
    """
    k = min(k, len(train) - itself)
    queries, train = smooth(queries), smooth(train)
    columns: list[list[np.ndarray]] = [[], [], []]
    for rows in slices(len(queries), max(1, PAIRS // max(len(train), 1))):
        own = rows.start if itself else None
        for column, values in zip(columns, k_nearest(queries[rows], train, k, own), strict=True):
            column.append(values)
    empty = (np.zeros((0, k)), np.zeros((0, k), dtype=np.int64), np.zeros((0, k), dtype=bool))
    return Neighbours(*(np.concatenate(column) if column else none for column, none in zip(columns, empty, strict=True)))


def k_nearest(queries: Pictures, train: Pictures, k: int, own: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances, indices and flags of mirror images [n, k]. own: the index of the first query among the training images."""
    dense = len(train) <= ALL
    least = over_all(queries, train, full if dense else sketch)
    if own is not None:
        least.squares[np.arange(len(queries)), own + np.arange(len(queries))] = np.inf
    places = np.tile(np.arange(len(train)), (len(queries), 1))
    if not dense:
        places = np.sort(np.argpartition(least.squares, CANDIDATES - 1, axis=1)[:, :CANDIDATES], axis=1)
        least = over_chosen(queries, train, places)
        least.squares[places == (-1 if own is None else own + np.arange(len(queries))[:, None])] = np.inf
    nearest = np.argsort(least.squares, axis=1, kind="stable")[:, :k]
    places, chosen = (np.take_along_axis(values, nearest, axis=1) for values in (places, least.views))
    squares = exact(queries, train, places, chosen)
    order = np.argsort(squares, axis=1, kind="stable")
    distances, places, chosen = (np.take_along_axis(values, order, axis=1) for values in (np.sqrt(squares), places, chosen))
    return distances, places, chosen % 2 == 1


def over_all(queries: Pictures, train: Pictures, rows_of: Callable[[Pictures], Rows]) -> Least:
    """Of all pairs [queries, train]. rows_of: `full`, or `sketch` for lower bounds of the squared distances."""
    n = len(queries)
    squares, chosen = np.full((n, len(train)), np.inf, dtype=np.float32), np.zeros((n, len(train)), dtype=np.uint16)
    for view, (part, cut) in enumerate(views(both_sides(queries))):
        g, scale = rows_of(part), np.float32(size(queries) / size(part))
        for block in slices(len(train), AT_ONCE):
            t = rows_of(cut(train[block]))
            for mirrored, rows in product((0, 1), slices(n, AT_ONCE // 4)):
                some = slice(rows.start + n * mirrored, rows.stop + n * mirrored)
                found, where = scale * of_products(Rows(g.rows[some], g.squares[some]), t), (rows, block)
                nearer = found < squares[where]
                np.copyto(squares[where], found, where=nearer)
                np.copyto(chosen[where], np.uint16(2 * view + mirrored), where=nearer)
    return Least(squares, chosen)


def of_products(g: Rows, t: Rows) -> np.ndarray:
    """min |g - a t|^2 over a in GAIN for all pairs, by one product of matrices."""
    norms = np.sqrt(t.squares)
    products = g.rows @ np.divide(t.rows, norms[:, None], out=np.zeros_like(t.rows), where=norms[:, None] > 0).T
    gained = np.clip(products, GAIN[0] * norms, GAIN[1] * norms)  # gain times norm
    products *= 2
    products -= gained
    products *= gained
    return np.subtract(g.squares[:, None], products, out=products)


def over_chosen(queries: Pictures, train: Pictures, places: np.ndarray) -> Least:
    """Of each query and its chosen training images [n, chosen]; views whose bound is not below the least so far are left out."""
    n, whole = len(queries), size(queries)
    squares, chosen = np.full(places.size, np.inf), np.zeros(places.size, dtype=np.uint16)
    queries_of, train_of = np.repeat(np.arange(n), places.shape[1]), places.ravel()
    for view, (part, cut) in enumerate(views(both_sides(queries))):
        g, short, scale = full(part), sketch(part), whole / size(part)
        for block in slices(len(train), AT_ONCE):
            inside = np.flatnonzero((train_of >= block.start) & (train_of < block.stop))
            t, short_t = full(cut(train[block])), sketch(cut(train[block]))
            for mirrored in (0, 1):
                a, b = queries_of[inside] + n * mirrored, train_of[inside] - block.start
                margin = ROUNDING * (g.squares[a] + t.squares[b])
                hopeful = np.flatnonzero((of_pairs(short, short_t, a, b) - margin) * scale < squares[inside])
                found = scale * of_pairs(g, t, a[hopeful], b[hopeful])
                nearer = found < squares[inside[hopeful]]
                squares[inside[hopeful[nearer]]] = found[nearer]
                chosen[inside[hopeful[nearer]]] = 2 * view + mirrored
    return Least(squares.reshape(places.shape), chosen.reshape(places.shape))


def of_pairs(g: Rows, t: Rows, a: Places, b: Places) -> Values:
    """min |g - a t|^2 over a in GAIN of row a[i] of g and row b[i] of t."""
    blocks = slices(len(a), max(1, VALUES // max(g.rows.shape[1], 1)))
    dots = [np.einsum("ij,ij->i", g.rows[a[some]], t.rows[b[some]]) for some in blocks]
    products, of_g, of_t = np.concatenate(dots) if dots else np.zeros(0, np.float32), g.squares[a], t.squares[b]
    gain = best_gain(products, of_t)
    return of_g - gain * (2 * products - gain * of_t)


def exact(queries: Pictures, train: Pictures, places: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The squared distance of each query to its training images [n, k], each in its view, in float64."""
    squares = np.zeros(places.shape)
    for view, (part, cut) in enumerate(views(both_sides(queries))):
        rows, columns = np.nonzero(chosen // 2 == view)
        of_query = rows + len(queries) * (chosen[rows, columns] % 2)
        for some in slices(len(rows), max(1, VALUES // size(part))):
            of_train = cut(train[places[rows[some], columns[some]]])
            squares[rows[some], columns[some]] = squared(part[of_query[some]], of_train) * (size(queries) / size(part))
    return squares


def both_sides(queries: Pictures) -> Pictures:
    """The images, and then their mirror images: to compare these with an image is to compare the images with its mirror image."""
    return np.concatenate([queries, queries[..., ::-1]])


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


def shrink(pictures: Pictures, rows: int, columns: int) -> np.ndarray:
    """The images with so many rows and columns, by cubic splines."""
    down, across = (
        zoom(np.eye(side), (length / side, 1), order=3, mode="nearest", grid_mode=True).astype(pictures.dtype)
        for side, length in zip(pictures.shape[2:], (rows, columns), strict=True)
    )
    return np.asarray(down @ pictures @ across.T)


def full(pictures: Pictures) -> Rows:
    rows = in_rows(pictures - pictures.mean(axis=(1, 2, 3), keepdims=True, dtype=np.float32))
    return Rows(rows, np.einsum("ij,ij->i", rows, rows))


def sketch(pictures: Pictures) -> Rows:
    """The means of blocks times the roots of their sizes, and the norm of what these leave out.

    Sums over blocks are an orthogonal projection P, so that <g, t> <= <P g, P t> + |g - P g| |t - P t| (Cauchy and Schwarz): the
    distance of sketches is at most that of the images, at any gain.
    """
    centred, squares = full(pictures)
    sums = centred.reshape(pictures.shape)
    for axis in (2, 3):
        edges = np.unique(np.arange(GRID) * pictures.shape[axis] // GRID)
        lengths = np.diff(np.append(edges, pictures.shape[axis])).astype(np.float32)
        sums = np.add.reduceat(sums, edges, axis=axis) / np.sqrt(lengths[:, None] if axis == 2 else lengths)
    rows = in_rows(sums)
    rest = np.sqrt(np.maximum(squares - np.einsum("ij,ij->i", rows, rows), 0))
    return Rows(np.concatenate([rows, rest[:, None]], axis=1), squares)


def squared(queries: Pictures, views: Pictures) -> Values:
    """min |g - a t - b|^2 of each query and the view beside it [n], in float64."""
    g, t = (rows - rows.mean(axis=1, keepdims=True) for rows in map(flatten, (queries, views)))
    products, of_g, of_t = (np.einsum("ij,ij->i", *pair) for pair in ((g, t), (g, g), (t, t)))
    g -= best_gain(products, of_t)[:, None] * t
    squares = np.einsum("ij,ij->i", g, g)
    return np.where(squares < EXACT * (of_g + of_t), 0, squares)


def best_gain(products: Values, of_t: Values) -> Values:
    return np.clip(np.divide(products, of_t, out=np.ones_like(products), where=of_t > 0), *GAIN)


def size(pictures: Pictures) -> int:
    return int(np.prod(pictures.shape[1:]))
