"""Copying told from the whole set: distances to the training set, and likelihood, against images that are new."""

from typing import NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist
from scipy.special import logsumexp, softmax
from scipy.stats import mannwhitneyu, norm

from creativity.measures.intervals import LEVEL, centre
from creativity.neighbours.search import nearest
from creativity.types import Interval, Values, Vectors

CELLS = 3
FEWEST_IN_CELL = 10  # real and generated images, for the normal approximation to hold
LARGEST = 2000  # images of a side that the likelihood looks at
STEPS = 200  # of expectation maximisation
ROUNDING = 1e-10  # of the largest deviation, or of its own mean: what varies less is rounding noise
LEAST_VARIANCE, NEARER = np.exp(-40.0), 0.9**2  # as in the authors' code


def copying_test(generated: Vectors, reference: Vectors, train: Vectors) -> Interval:
    """C_T: far below 0 generated images lie nearer to the training set than real new ones do, far above 0 they underfit.

    In each of 3 cells (k-means on the training set, seed 0) Z = (U - (nm/2 - 1/2)) / sqrt(nm (n + m + 1) / 12), where U counts the
    pairs in which the generated image is further from the cell's training set than the real one, ties as halves; C_T is the mean
    of Z weighted by the real images' share (Meehan et al. 2020). Cells with fewer than 10 images of a side are left
    out. The interval is +-1.96 standard deviations of C_T where there is neither. The real side is the reference.
    """
    cells = min(CELLS, len(train))
    centres, own = kmeans2(train, cells, minit="++", rng=np.random.default_rng(0))
    cell_of_generated, cell_of_real = (cdist(side, centres).argmin(axis=1) for side in (generated, reference))
    scores, weights = [], []
    for cell in range(cells):
        a, b, known = generated[cell_of_generated == cell], reference[cell_of_real == cell], train[own == cell]
        if len(known) and min(len(a), len(b)) >= FEWEST_IN_CELL:
            scores.append(standard_u(*(nearest(side, known, 1).distances[:, 0] for side in (a, b))))
            weights.append(len(b))
    if not scores:
        return Interval(np.nan, np.nan, np.nan, len(generated))
    share = np.array(weights) / sum(weights)
    value, spread = float(share @ scores), norm.ppf((1 + LEVEL) / 2) * float(np.linalg.norm(share))
    return Interval(value, value - spread, value + spread, len(generated))


def standard_u(generated: Values, real: Values) -> float:
    """Mann and Whitney's U of the generated over the real distances, standardised."""
    m, n = len(generated), len(real)
    u = mannwhitneyu(generated, real, alternative="less", method="asymptotic").statistic
    return float((u - (n * m / 2 - 0.5)) / np.sqrt(n * m * (n + m + 1) / 12))


class Likelihood(NamedTuple):
    """Feature likelihood divergence, and its gap: 100 times nats a dimension."""

    divergence: Interval
    gap: Interval


def feature_likelihood(generated: Vectors, reference: Vectors, train: Vectors) -> Likelihood:
    """FLD and its generalisation gap (Jiralerspong et al. 2023), on features standardised by the reference.

    A mixture of Gaussians, one about each generated image with a variance of its own, is fitted to the training set. FLD: the mean
    negative log-likelihood of the reference under it, minus that under a mixture about one half of the training set fitted to
    the other half (seed 0). gap: that of the training set minus that of the reference; far below 0 is copying. The
    intervals are over the images whose likelihood is taken. Of each side the first 2000 images count. Features in which the
    reference varies by rounding alone have no unit and are left out; NaN where none varies.
    """
    mean, deviation = reference.mean(axis=0), reference.std(axis=0, ddof=1)
    varies = deviation > ROUNDING * np.maximum(deviation.max(initial=0), np.abs(mean))
    if not varies.any():
        unknown = Interval(np.nan, np.nan, np.nan, len(generated))
        return Likelihood(unknown, unknown)
    means, real, known = ((side[:LARGEST, varies] - mean[varies]) / deviation[varies] for side in (generated, reference, train))
    variances = fit_variances(means, known)
    on_real, on_train = (negative_log_likelihood(side, means, variances) for side in (real, known))
    order = np.random.default_rng(0).permutation(len(known))
    first, second = known[order[: len(known) // 2]], known[order[len(known) // 2 :]]
    baseline = negative_log_likelihood(real, first, fit_variances(first, second))
    divergence = centre(100 * (on_real - baseline), np.mean)
    gap = 100 * (on_train.mean() - on_real.mean())
    spread = 100 * norm.ppf((1 + LEVEL) / 2) * np.sqrt(on_train.var() / len(on_train) + on_real.var() / len(on_real))
    return Likelihood(divergence, Interval(float(gap), float(gap - spread), float(gap + spread), len(generated)))


def fit_variances(means: Vectors, points: Vectors) -> Values:
    """The variances [n] under which a mixture about the means makes the points likeliest, by expectation maximisation.

    As in the authors' code a broad component about the mean of the points stands by, so that no point is lost; each mean
    begins with the variance that fits its nearest point.
    """
    d = points.shape[1]
    squares = np.square(cdist(points, means))
    broad = NEARER * np.square(points - points.mean(axis=0)).sum(axis=1, keepdims=True)
    squares = np.concatenate([squares, broad], axis=1)
    variances = np.append((squares[:, :-1].min(axis=0) + 1e-3) / d, 1.0)
    for _ in range(STEPS):
        logs = log_normal(squares, variances, d)
        logs[:, :-1] -= np.log(len(means))
        share = softmax(logs, axis=1)
        variances = np.maximum((share * squares).sum(axis=0) / (d * np.maximum(share.sum(axis=0), 1e-300)), LEAST_VARIANCE)
    return variances[:-1]


def negative_log_likelihood(points: Vectors, means: Vectors, variances: Values) -> Values:
    """Of each point [n] under the mixture, in nats a dimension."""
    d = points.shape[1]
    logs = log_normal(np.square(cdist(points, means)), variances, d)
    return -(logsumexp(logs, axis=1) - np.log(len(means))) / d


def log_normal(squares: np.ndarray, variances: Values, d: int) -> np.ndarray:
    return -squares / (2 * variances) - d / 2 * np.log(2 * np.pi * variances)
