"""Distances between a set of generated images and the reference. Rows are images or their features, float64 [n, d]."""

from typing import NamedTuple

import numpy as np

from creativity.measures import intervals
from creativity.types import Interval, Values, Vectors

PROJECTIONS = 128


def sliced_wasserstein(generated: Vectors, reference: Vectors) -> Interval:
    """Mean over 128 random directions (seed 0) of the one-dimensional Wasserstein-1 distance (Bonneel et al. 2015).

    With the interval from smaller sets; see `intervals.between`.
    """
    directions = np.random.default_rng(0).standard_normal((generated.shape[1], PROJECTIONS))
    directions /= np.linalg.norm(directions, axis=0)
    a, b = generated @ directions, reference @ directions
    return intervals.between(lambda i, j: float(wasserstein(a[i], b[j]).mean()), len(a), len(b))


def wasserstein(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Wasserstein-1 distance of each column, the integral of |F_a - F_b|: [n, p], [m, p] -> [p]."""
    values = np.concatenate([a, b])
    order = np.argsort(values, axis=0, kind="stable")
    weight = np.where(order < len(a), 1 / len(a), -1 / len(b))
    difference = np.abs(np.cumsum(weight, axis=0)[:-1])
    return np.asarray((difference * np.diff(np.take_along_axis(values, order, axis=0), axis=0)).sum(axis=0))


class Gaussian(NamedTuple):
    """A set's mean [d], its rows about it [n, d], and a factor F [r, d] of its covariance (over n - 1), which is F^T F."""

    mean: Values
    centred: Vectors
    factor: np.ndarray


def gaussian(rows: Vectors) -> Gaussian:
    mean = rows.mean(axis=0)
    return Gaussian(mean, rows - mean, np.linalg.qr((rows - mean) / np.sqrt(len(rows) - 1), mode="r"))


def frechet(generated: Vectors, reference: Vectors) -> Interval:
    """|m_g - m_r|^2 + tr(C_g + C_r - 2 (C_g C_r)^(1/2)), covariances over n - 1 (Dowson & Landau 1982; Heusel et al. 2017).

    With C_g = F^T F and C_r = G^T G, tr (C_g C_r)^(1/2) is the sum of the singular values of F G^T = U S V^T, of which no side is
    longer than the sets or their dimension. The interval is the normal one from the influence of each image: that of a generated
    one at x from the mean is |x|^2 + 2 x.(m_g - m_r) - x^T T x, T = G^T V S^-1 V^T G being the optimal transport of one Gaussian to
    the other, that of a reference one the same with the sides exchanged (Hampel 1974; Takatsu 2011).
    """
    a, b = gaussian(generated), gaussian(reference)
    left, spread, right = np.linalg.svd(a.factor @ b.factor.T, full_matrices=False)
    offset = a.mean - b.mean
    value = float(np.square(offset).sum() + np.square(a.factor).sum() + np.square(b.factor).sum() - 2 * spread.sum())
    kept = spread > 1e-6 * spread.max(initial=0)
    by_generated = influence(a.centred, offset, b.factor.T @ right[kept].T / np.sqrt(spread[kept]))
    by_reference = influence(b.centred, -offset, a.factor.T @ left[:, kept] / np.sqrt(spread[kept]))
    return intervals.normal(value, [by_generated, by_reference], len(generated))


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
