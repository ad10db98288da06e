"""Copies in disguise: pixels after the best mirror, shift, zoom, blur, gain and offset of the training image."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from scipy.ndimage import gaussian_filter, zoom

from creativity.neighbours.search import Product, on_cpu
from creativity.neighbours.vectors import flatten, in_rows, slices
from creativity.types import Neighbours, Pictures, Places, Values, Vectors

SHIFT = 1 / 8  # of the side: farthest shift, in whole pixels, at least 1
CROPS = (7 / 8, 15 / 16)  # of the side: what zoomed copies show
SMOOTH = 0.7  # standard deviation in pixels with which all images are blurred first: noise, JPEG and lost sharpness count less
GAIN = (0.5, 2.0)  # contrast of a copy over that of the training image: no grey image is a copy of all
ALL = 512  # training images up to which all views of all are compared
CANDIDATES = 32  # of more, those that are compared, the ones whose sketches correlate best
GUIDES = 3  # views in which they are, those in which they correlate best
FINALISTS = 8  # candidates that are compared in all views near the best of these
TILE = 1 / 9  # of the side: one view of each tile of shifts or crops, its guide, stands for all of it in the choice of candidates
GRID = 6  # blocks along a side of a sketch
LEFT = 1e-3  # of the squared norm of an image, added to that of its sketch: noise without blocks correlates with nothing
TINY = 1e-12
QUERIES = 2**11  # at once
PAIRS = 2**25  # of queries and training images at once
AT_ONCE = 1024  # training images
VALUES = 2**18  # of pairs that are compared one by one: they stay in the processor's cache
EXACT = 1e-13  # of squared norms: squared distances below are 0

Cut = Callable[[Pictures], Pictures]
Shown = Sequence[np.ndarray]  # what queries, and then their mirror images, show in each view: [2 n, c, rows, columns]
Chosen = Int[np.ndarray, "_ places"]  # training images of each query
Own = Int[np.ndarray, "_ 1"]  # each query's own place among the training images


class View(NamedTuple):
    """A way in which a query may show a training image.

    show: what of the queries is compared, cut: with what of the training images; guides: the numbers of views in the middle of a
    tile that are near this one.
    """

    show: Cut
    cut: Cut
    guides: list[int]


class Rows(NamedTuple):
    """Images about their means as rows, and the squares of their norms."""

    rows: Vectors
    squares: Values


class Least(NamedTuple):
    """The least squared distances over several views, in float32, and in which view: twice its number, 1 more for mirror images."""

    squares: np.ndarray
    views: np.ndarray


def search(queries: Pictures, train: Pictures, k: int, itself: bool = False, product: Product = on_cpu) -> Neighbours:
    """The k nearest training images of each query by the least distance over all views of a training image.

    A view is the image or its mirror image, shifted, or a crop of it that the query shows at full size. The distance to a view t is
    min |g - a t - b| over gains a in GAIN and offsets b, over the pixels that both have, times the root of all pixels over these.
    Without the limits on a it is |g - mean g| sqrt(1 - r^2), r being Pearson's correlation. All images are blurred by SMOOTH first.

    Views are chosen in float32, and the distances in them worked out in float64. Of more than ALL training images `finalists` alone
    are compared, in some views: a search from coarse to fine, which may miss an image and err on its distance, for held-out images
    as for others. `itself`: the queries are the training images, and none is its own neighbour.
    """
    k = min(k, len(train) - itself)
    queries, train, known = prepared(queries), prepared(train), views(*queries.shape[2:])
    sketches = [] if len(train) <= ALL else [sketch(known[guide].cut(train)) for guide in guides(known)]
    columns: list[list[np.ndarray]] = [[], [], []]
    for rows in slices(len(queries), max(1, min(QUERIES, PAIRS // max(len(train), 1)))):
        own = rows.start if itself else None
        for column, values in zip(columns, k_nearest(queries[rows], train, known, sketches, k, own), strict=True):
            column.append(values)
    empty = (np.zeros((0, k)), np.zeros((0, k), dtype=np.int64), np.zeros((0, k), dtype=bool))
    return Neighbours(*(np.concatenate(column) if column else none for column, none in zip(columns, empty, strict=True)))


def k_nearest(
    queries: Pictures, train: Pictures, known: Sequence[View], sketches: Sequence[Vectors], k: int, own: int | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Distances, indices and flags of mirror images [n, k]. own: the index of the first query among the training images."""
    shown, itself = shown_in(known, queries), None if own is None else own + np.arange(len(queries))[:, None]
    if sketches:
        places, least = finalists(shown, train, known, sketches, k, itself)
    else:
        places, least = np.tile(np.arange(len(train)), (len(queries), 1)), over_all(shown, train, known)
    if itself is not None:
        least.squares[places == itself] = np.inf
    nearest = np.argsort(least.squares, axis=1, kind="stable")[:, :k]
    places, chosen = (np.take_along_axis(values, nearest, axis=1) for values in (places, least.views))
    squares = in_views(shown, train, known, places, chosen, squared)
    order = np.argsort(squares, axis=1, kind="stable")
    distances, places, chosen = (np.take_along_axis(values, order, axis=1) for values in (np.sqrt(squares), places, chosen))
    return distances, places, chosen % 2 == 1


def shown_in(known: Sequence[View], queries: Pictures) -> Shown:
    """What is compared of the images, and then of their mirror images, in each view: of all crops of a size that is the same.

    To compare mirror images with an image is to compare the images with its mirror image.
    """
    both = np.concatenate([queries, queries[..., ::-1]])
    made = {show: show(both) for show in dict.fromkeys(view.show for view in known)}
    return [made[view.show] for view in known]


def over_all(shown: Shown, train: Pictures, known: Sequence[View]) -> Least:
    """Of all pairs [queries, train] over all views."""
    n = len(shown[0]) // 2
    squares, chosen = np.full((n, len(train)), np.inf, dtype=np.float32), np.zeros((n, len(train)), dtype=np.uint16)
    for number, (view, part) in enumerate(zip(known, shown, strict=True)):
        g, scale = centred(part), np.float32(size(train) / size(part))
        for block in slices(len(train), AT_ONCE):
            t = centred(view.cut(train[block]))
            for mirrored, rows in product((0, 1), slices(n, AT_ONCE // 4)):
                some = slice(rows.start + n * mirrored, rows.stop + n * mirrored)
                found, where = scale * of_products(Rows(g.rows[some], g.squares[some]), t), (rows, block)
                nearer = found < squares[where]
                np.copyto(squares[where], found, where=nearer)
                np.copyto(chosen[where], np.uint16(2 * number + mirrored), where=nearer)
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


def finalists(
    shown: Shown, train: Pictures, known: Sequence[View], sketches: Sequence[Vectors], k: int, itself: Own | None
) -> tuple[Chosen, Least]:
    """FINALISTS (or k) training images of each query, rising, with their least squared distances: [n, finalists].

    Of the CANDIDATES whose sketches correlate best with the query's, those that are nearest to it in the GUIDES views in which they
    correlate best. The least is that over all views near one of these.
    """
    of_shown = [sketch(shown[guide]) for guide in guides(known)]
    places = candidates(of_shown, sketches, max(CANDIDATES, k), itself)
    chosen = best_guides(of_shown, sketches, places, np.array(guides(known)))
    squares = np.min([in_views(shown, train, known, places, guide, in_float32) for guide in chosen], axis=0)
    nearest = first(squares, max(FINALISTS, k))
    places, *chosen = (np.take_along_axis(values, nearest, axis=1) for values in (places, *chosen))
    least = Least(np.full(places.shape, np.inf), np.zeros(places.shape, dtype=np.int64))
    for (number, view), mirrored in product(enumerate(known), (0, 1)):
        codes = [2 * guide + mirrored for guide in view.guides]
        near = np.where(np.isin(chosen, codes).any(axis=0), 2 * number + mirrored, -1)
        found = in_views(shown, train, known, places, near, in_float32)
        nearer = found < least.squares
        np.copyto(least.squares, found, where=nearer)
        np.copyto(least.views, near, where=nearer)
    return places, least


def candidates(shown: Sequence[Vectors], sketches: Sequence[Vectors], count: int, itself: Own | None) -> Chosen:
    """So many training images of each query whose sketches correlate best with its own in some guide, rising: [n, count].

    shown, sketches: of the queries and their mirror images, and of the training images, in each guide. itself: none of these.
    """
    n, m = len(shown[0]) // 2, len(sketches[0])
    highest = np.full((n, m), -np.inf, dtype=np.float32)
    for of_queries, of_train in zip(shown, sketches, strict=True):
        for side, rows, block in product((of_queries[:n], of_queries[n:]), slices(n, AT_ONCE), slices(m, AT_ONCE)):
            np.maximum(highest[rows, block], side[rows] @ of_train[block].T, out=highest[rows, block])
    if itself is not None:
        np.put_along_axis(highest, itself, -np.inf, axis=1)
    return first(-highest, count)


def best_guides(shown: Sequence[Vectors], sketches: Sequence[Vectors], places: Chosen, numbers: Places) -> list[np.ndarray]:
    """The GUIDES views in which each query's sketch correlates best with those of its training images: each [n, places].

    numbers: of the guides.
    """
    n = len(places)
    values = np.empty((*places.shape, 2 * len(numbers)), dtype=np.float32)
    for i, (of_queries, of_train) in enumerate(zip(shown, sketches, strict=True)):
        chosen = of_train[places]
        for mirrored, side in enumerate((of_queries[:n], of_queries[n:])):
            values[..., 2 * i + mirrored] = np.einsum("nd,ncd->nc", side, chosen)
    best = np.argsort(-values, axis=2, kind="stable")[..., :GUIDES]
    return list(np.moveaxis(2 * numbers[best // 2] + best % 2, 2, 0))


def first(values: np.ndarray, count: int) -> Chosen:
    """The places of so many of the lowest values of each row, rising."""
    if count >= values.shape[1]:
        return np.tile(np.arange(values.shape[1]), (len(values), 1))
    return np.sort(np.argpartition(values, count - 1, axis=1)[:, :count], axis=1)


def in_views(
    shown: Shown,
    train: Pictures,
    known: Sequence[View],
    places: Chosen,
    chosen: np.ndarray,
    of_pairs: Callable[[Pictures, Pictures], Values],
) -> np.ndarray:
    """The squared distance of each query to its training images [n, places], each in its view; infinite where that is negative.

    chosen: views as in `Least`. of_pairs: of two sets of images, one by one.
    """
    squares, training, codes = np.full(places.size, np.inf), places.ravel(), chosen.ravel()
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes[order], 2 * np.arange(len(known) + 1))
    for view, part, start, end in zip(known, shown, ends, ends[1:], strict=False):
        for some in slices(int(end - start), max(1, VALUES // size(part))):
            pairs = order[start + some.start : start + some.stop]
            rows = pairs // places.shape[1] + len(places) * (codes[pairs] % 2)
            squares[pairs] = of_pairs(part[rows], view.cut(train)[training[pairs]]) * (size(train) / size(part))
    return squares.reshape(places.shape)


def views(h: int, w: int) -> list[View]:
    """All views of images with h rows and w columns: shifts, the least first, and crops."""
    most = max(1, round(SHIFT * min(h, w)))
    moves, width = range(-most, most + 1), max(1, int(TILE * min(h, w)))
    known = kind(moves, moves, width, partial(shifted, h, w), 0)
    for rows, columns in dict.fromkeys((round(share * h), round(share * w)) for share in CROPS):
        top, left = range(h - rows + 1), range(w - columns + 1)
        show = partial(shrink, rows=rows, columns=columns)
        known += kind(top, left, width, partial(cropped, show, rows, columns), len(known))
    return known


def kind(rows: range, columns: range, width: int, made: Callable[[int, int], tuple[Cut, Cut]], start: int) -> list[View]:
    """The views at all these places, those in the middle first. width: of a tile; start: the number of the first view."""
    middle = (rows[0] + rows[-1]) / 2, (columns[0] + columns[-1]) / 2
    places = sorted(
        ((row, column) for row in rows for column in columns),
        key=lambda place: (place[0] - middle[0]) ** 2 + (place[1] - middle[1]) ** 2,
    )
    number, down, right = {place: start + i for i, place in enumerate(places)}, tiles(rows, width), tiles(columns, width)
    return [View(*made(row, column), [number[middle] for middle in product(down[row], right[column])]) for row, column in places]


def tiles(places: range, width: int) -> dict[int, list[int]]:
    """The middles of the tiles, of about this width, that each place is in or beside.

    >>> tiles(range(-4, 5), 3)[2], tiles(range(-4, 5), 3)[4]
    ([0, 3], [3])
    """
    number = math.ceil(len(places) / width)
    edge = (len(places) / number - 1) / 2
    middles = [round(middle) for middle in np.linspace(places[0] + edge, places[-1] - edge, number)]
    return {place: [middle for middle in middles if abs(place - middle) <= edge + 1.5] for place in places}


def guides(known: Sequence[View]) -> list[int]:
    """The numbers of the views that stand for others."""
    return sorted({guide for view in known for guide in view.guides})


def shifted(h: int, w: int, down: int, right: int) -> tuple[Cut, Cut]:
    """What a query shows that is moved, and what of the training image that is."""
    return (lambda images: images[overlap(h, w, down, right)]), (lambda images: images[overlap(h, w, -down, -right)])


def cropped(show: Cut, rows: int, columns: int, top: int, left: int) -> tuple[Cut, Cut]:
    """A query that shows a crop at full size, and the crop. show: makes the query as small as the crop."""
    inside = (..., slice(top, top + rows), slice(left, left + columns))
    return show, (lambda images: images[inside])


def prepared(pictures: Pictures) -> Pictures:
    """The images, blurred, about their means: what they are in a view has a mean near 0 then, which float32 takes well."""
    smooth = gaussian_filter(pictures, (0, 0, SMOOTH, SMOOTH), mode="nearest")
    return smooth - smooth.mean(axis=(1, 2, 3), keepdims=True, dtype=np.float32)


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


def centred(pictures: Pictures) -> Rows:
    rows = in_rows(pictures - pictures.mean(axis=(1, 2, 3), keepdims=True, dtype=np.float32))
    return Rows(rows, np.einsum("ij,ij->i", rows, rows))


def sketch(pictures: Pictures) -> Vectors:
    """What is left of images about their means in blocks, of norm 1, or less where blocks leave next to nothing: [n, values]."""
    down, across = (blocks(side) for side in pictures.shape[2:])
    mean = pictures.mean(axis=(1, 2, 3), keepdims=True, dtype=np.float32)
    sums = in_rows(down @ pictures @ across.T - mean * np.outer(down.sum(axis=1), across.sum(axis=1)))
    whole = np.maximum(np.einsum("nchw,nchw->n", pictures, pictures) - size(pictures) * mean[:, 0, 0, 0] ** 2, TINY)
    norms = np.sqrt(np.einsum("ij,ij->i", sums, sums) + LEFT * whole)
    return np.asarray(sums / norms[:, None])


def blocks(side: int) -> Vectors:
    """The rows of GRID blocks of a side, of norm 1 [GRID, side]."""
    parts = np.array_split(np.arange(side), min(GRID, side))
    return np.stack([np.isin(np.arange(side), part) / np.sqrt(len(part)) for part in parts]).astype(np.float32)


def in_float32(queries: Pictures, train: Pictures) -> Values:
    """min |g - a t - b|^2 of each query and the image beside it [n]; of images whose means are near 0."""
    g, t = in_rows(queries), in_rows(train)
    ones = np.full(g.shape[1], g.shape[1] ** -0.5, dtype=np.float32)
    of_g, of_t = g @ ones, t @ ones  # what the means have of the products
    pairs = ((g, t, of_g * of_t), (g, g, of_g**2), (t, t, of_t**2))
    products, squares, of_train = (np.einsum("ij,ij->i", a, b) - mean for a, b, mean in pairs)
    gain = best_gain(products, of_train)
    return squares - gain * (2 * products - gain * of_train)


def squared(queries: Pictures, train: Pictures) -> Values:
    """The same in float64."""
    g, t = (rows - rows.mean(axis=1, keepdims=True) for rows in map(flatten, (queries, train)))
    products, of_g, of_t = (np.einsum("ij,ij->i", *pair) for pair in ((g, t), (g, g), (t, t)))
    g -= best_gain(products, of_t)[:, None] * t
    squares = np.einsum("ij,ij->i", g, g)
    return np.where(squares < EXACT * (of_g + of_t), 0, squares)


def best_gain(products: Values, of_t: Values) -> Values:
    return np.clip(np.divide(products, of_t, out=np.ones_like(products), where=of_t > 0), *GAIN)


def size(pictures: Pictures) -> int:
    return int(np.prod(pictures.shape[1:]))
