"""Distances between a set of generated images and the reference. Rows are images or their features, float64 [n, d]."""

from typing import NamedTuple

import numpy as np

from creativity.measures import intervals
from creativity.types import Interval, Values, Vectors

PROJECTIONS = 128


def sliced_wasserstein(generated: Vectors, reference: Vectors) -> Interval:
    """Mean over 128 random directions (seed 0) of the one-dimensional Wasserstein-1 distance (Bonneel et al. 2015).

    The interval is the normal one from the influence of each image.
    """
    directions = np.random.default_rng(0).standard_normal((generated.shape[1], PROJECTIONS))
    directions /= np.linalg.norm(directions, axis=0)
    distances, influences = wasserstein(generated @ directions, reference @ directions)
    by_image = influences.mean(axis=1)
    return intervals.normal(float(distances.mean()), [by_image[: len(generated)], by_image[len(generated) :]], len(generated))


def wasserstein(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Wasserstein-1 distance of each column, the integral of |F_a - F_b|: [n, p], [m, p] -> [p], and influences [n + m, p].

    The distance grows with the weight of a value x of a by the integral of sign(F_a - F_b) from x on, but for a constant; with that
    of one of b by minus as much.
    """
    values = np.concatenate([a, b])
    order = np.argsort(values, axis=0, kind="stable")
    counts = np.cumsum(np.where(order < len(a), len(b), -len(a)), axis=0)[:-1]  # n m (F_a - F_b), in whole numbers
    gaps = np.diff(np.take_along_axis(values, order, axis=0), axis=0)
    beyond, influences = np.zeros_like(values), np.zeros_like(values)
    beyond[:-1] = np.cumsum((np.sign(counts) * gaps)[::-1], axis=0)[::-1]
    np.put_along_axis(influences, order, beyond, axis=0)
    influences[len(a) :] *= -1
    return (np.abs(counts) * gaps).sum(axis=0) / (len(a) * len(b)), influences


class Gaussian(NamedTuple):
    """A set's mean [d], its rows about it [n, d], and a factor F [r, d] of its covariance (over n - 1), which is F^T F."""

    mean: Values
    centred: Vectors
    factor: np.ndarray


def gaussian(rows: Vectors) -> Gaussian:
    mean = rows.mean(axis=0)
    return Gaussian(mean, rows - mean, np.asarray(np.linalg.qr((rows - mean) / np.sqrt(len(rows) - 1), mode="r")))


def frechet(generated: Vectors, reference: Vectors) -> Interval:
    """|m_g - m_r|^2 + tr(C_g + C_r - 2 (C_g C_r)^(1/2)), covariances over n - 1 (Dowson & Landau 1982; Heusel et al. 2017).

    With C_g = F^T F and C_r = G^T G, tr (C_g C_r)^(1/2) is the sum of the singular values of F G^T = U S V^T, of which no side is
    longer than the sets or their dimension. The interval is the normal one from the influence of each image: that of a generated
    one at x from the mean is |x|^2 + 2 x.(m_g - m_r) - x^T T x, T = G^T V S^-1 V^T G being the optimal transport of one Gaussian to
    the other, that of a reference one the same with the sides exchanged (Hampel 1974; Takatsu 2011). It is normal for
    the logarithm, as the distance is above 0 and skewed.
    """
    a, b = gaussian(generated), gaussian(reference)
    left, spread, right = np.linalg.svd(a.factor @ b.factor.T, full_matrices=False)
    offset = a.mean - b.mean
    value = float(np.square(offset).sum() + np.square(a.factor).sum() + np.square(b.factor).sum() - 2 * spread.sum())
    kept = spread > 1e-6 * spread.max(initial=0)
    by_generated = influence(a.centred, offset, b.factor.T @ right[kept].T / np.sqrt(spread[kept]))
    by_reference = influence(b.centred, -offset, a.factor.T @ left[:, kept] / np.sqrt(spread[kept]))
    if value <= 0:
        return Interval(value, value, value, len(generated))
    low, high = np.exp(intervals.normal(float(np.log(value)), [by_generated / value, by_reference / value], len(generated))[1:3])
    return Interval(value, float(low), float(high), len(generated))


def influence(centred: Vectors, offset: Values, transport: np.ndarray) -> Values:
    """|x|^2 + 2 x.offset - |transport^T x|^2 of each row x: [n]."""
    return np.asarray(np.square(centred).sum(axis=1) + 2 * centred @ offset - np.square(centred @ transport).sum(axis=1))


def vendi_score(rows: Vectors) -> Interval:
    """The effective number of different images, exp(-sum l ln l) over the eigenvalues l of K / n (Friedman & Dieng 2023).

    K is the cosine similarity of the rows: 1 where all are alike, n where all are orthogonal. The eigenvalues are those of K / n or
    of the rows' second moments S, whichever is smaller. The interval is the normal one from the influence of each image, which is
    -u^T (ln S) u times the score for a row u of length 1; its standard error is over n - 1 - score images in place of n, since as
    many directions as the score says are fitted to them.
    """
    n = len(rows)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    wide = rows.shape[1] >= n
    shares, directions = np.linalg.eigh((unit @ unit.T if wide else unit.T @ unit) / n)
    kept = shares > 0
    shares, directions = shares[kept], directions[:, kept]
    score = float(np.exp(-(shares * np.log(shares)).sum()))
    squares = np.square(directions) * (n * shares) if wide else np.square(unit @ directions)
    widened = np.sqrt(n / max(n - 1 - score, 1.0))
    return intervals.normal(score, [-score * widened * (squares @ np.log(shares))], n)
