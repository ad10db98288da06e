"""Distances between a set of generated images and the reference. Rows are images or their features, float64 [n, d]."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from creativity.neighbours.search import nearest
from creativity.types import Flags, Values, Vectors

K = 5
PROJECTIONS = 128


class Overlap(NamedTuple):
    """Precision and density say whether the generated look real, recall and coverage whether all that is real is generated."""

    precision: Flags  # [generated]
    recall: Flags  # [reference]
    density: Values  # [generated]
    coverage: Flags  # [reference]


def overlap(generated: Vectors, reference: Vectors) -> Overlap:
    """Each image's contribution to precision, recall, density and coverage (Kynkaanniemi et al. 2019; Naeem et al. 2020).

    A ball about each image reaches to its 5th neighbour of its own set, itself excluded. precision: a generated image lies in a
    reference ball; recall: a reference image lies in a generated ball; density: reference balls a generated image lies
    in, over 5; coverage: a reference ball holds a generated image. Comparisons are strict.
    """
    distances = cdist(generated, reference)
    real_radius = nearest(reference, reference, K, itself=True).distances[:, -1]
    made_radius = nearest(generated, generated, K, itself=True).distances[:, -1]
    inside = distances < real_radius
    return Overlap(
        precision=np.any(inside, axis=1),
        recall=np.any(distances < made_radius[:, None], axis=0),
        density=np.sum(inside, axis=1) / K,
        coverage=np.any(inside, axis=0),
    )


def energy_distance(across: np.ndarray, within_a: np.ndarray, within_b: np.ndarray) -> float:
    """2 E|A - B| - E|A - A'| - E|B - B'| from distance matrices, without the zero diagonals, in the units of the distances.

    Szekely & Rizzo 2013. Unbiased: about 0, and at times below, for two draws of one distribution.
    """
    return float(2 * across.mean() - off_diagonal_mean(within_a) - off_diagonal_mean(within_b))


def off_diagonal_mean(distances: np.ndarray) -> float:
    n = len(distances)
    return float(distances.sum() / (n * (n - 1)))


def sliced_wasserstein(generated: Vectors, reference: Vectors) -> float:
    """Mean over 128 random directions (seed 0) of the one-dimensional Wasserstein-1 distance (Bonneel et al. 2015)."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((generated.shape[1], PROJECTIONS))
    directions /= np.linalg.norm(directions, axis=0)
    return float(wasserstein(generated @ directions, reference @ directions).mean())


def wasserstein(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Wasserstein-1 distance of each column, the integral of |F_a - F_b|: [n, p], [m, p] -> [p]."""
    values = np.concatenate([a, b])
    order = np.argsort(values, axis=0, kind="stable")
    weight = np.where(order < len(a), 1 / len(a), -1 / len(b))
    difference = np.abs(np.cumsum(weight, axis=0)[:-1])
    return np.asarray((difference * np.diff(np.take_along_axis(values, order, axis=0), axis=0)).sum(axis=0))


def frechet(generated: Vectors, reference: Vectors) -> float:
    """|m_g - m_r|^2 + tr(C_g + C_r - 2 (C_g C_r)^(1/2)), covariances over n - 1 (Dowson & Landau 1982; Heusel et al. 2017).

    tr (C_g C_r)^(1/2) is the sum of the singular values of A B^T, where C_g = A^T A and C_r = B^T B: no matrix root is taken.
    """
    mean_g, mean_r = generated.mean(axis=0), reference.mean(axis=0)
    a = (generated - mean_g) / np.sqrt(len(generated) - 1)
    b = (reference - mean_r) / np.sqrt(len(reference) - 1)
    cross = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    return float(np.square(mean_g - mean_r).sum() + np.square(a).sum() + np.square(b).sum() - 2 * cross)


def polynomial_kernel(a: Vectors, b: Vectors) -> np.ndarray:
    """(a.b / d + 1)^3, the kernel of the kernel inception distance: [n, m] (Binkowski et al. 2018)."""
    return (a @ b.T / a.shape[1] + 1) ** 3


def kernel_distance(across: np.ndarray, within_a: np.ndarray, within_b: np.ndarray) -> float:
    """Unbiased squared maximum mean discrepancy from kernel matrices, without their diagonals (Gretton et al. 2012)."""
    sides = sum((kernel.sum() - np.trace(kernel)) / (len(kernel) * (len(kernel) - 1)) for kernel in (within_a, within_b))
    return float(sides - 2 * across.mean())


def vendi_score(rows: Vectors) -> float:
    """The effective number of different images, exp(-sum l ln l) over the eigenvalues l of K / n (Friedman & Dieng 2023).

    K is the cosine similarity of the rows: 1 where all are alike, n where all are orthogonal.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    eigenvalues = np.square(np.linalg.svd(unit, compute_uv=False)) / len(rows)
    kept = eigenvalues[eigenvalues > 0]
    return float(np.exp(-(kept * np.log(kept)).sum()))
