"""What the judge of realism says of images: how hard to denoise, and how far away, for networks that know real ones alone.

The networks are those of `creativity.training.judge`; here are their verdicts, without torch.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from creativity import store
from creativity.measures.realism import K, Ruler, as_sharp, laplacian_energy
from creativity.neighbours.search import nearest_or_mirrored
from creativity.neighbours.vectors import in_rows
from creativity.store.weights import by_part, read_weights
from creativity.types import Flags, Pictures, Values

REFUSED = 0.075  # share of new, real images that the judge refuses
JUDGED = {"sample": store.LONG, "percentile": store.REAL, "error": store.REAL}
JUDGES = {"subset": store.TEXT, "control": store.TEXT, "judge": store.TEXT, "real": store.REAL}
JUDGES |= {"low": store.REAL, "high": store.REAL, "count": store.LONG}
BAND = (0.01, 1 - REFUSED)  # shares of the reference between which an error is that of a real image
LEAST = 1e-6  # added before a logarithm is taken: less than one grey level, squared
Errors = Float[np.ndarray, "levels _"]  # ln of the denoising error of each image, at each noise level
Looks = Float[np.ndarray, "_ looks"]


class Signs(NamedTuple):
    """What tells images from real ones, to one network of the judge.

    errors: as above. away: ln of the distance to the 5th nearest of the real images that the network was trained on. looks: 1 and
    the ln of contrast and of sharpness, by which real images, too, are easy or hard to denoise, and near to others or far away.
    """

    errors: Errors
    away: Values
    looks: Looks


def away(pictures: Pictures, real: Pictures, mirrored: bool) -> Values:
    """ln of the distance of each image to the 5th nearest real one; if `mirrored`, or to its mirror image."""
    mirrors = in_rows(real[..., ::-1]) if mirrored else None
    near = nearest_or_mirrored(in_rows(pictures), in_rows(real), mirrors, K)
    return np.log(near.distances[:, -1] + LEAST)


def looks(pictures: Pictures) -> Looks:
    """1, ln of the variance over an image's values, and ln of its Laplacian energy, the border's pixels repeated: [n, 3]."""
    contrast = np.array([picture.var(dtype=np.float64) for picture in pictures])
    sharpness = laplacian_energy(np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="edge"))
    return np.stack([np.ones(len(pictures)), np.log(contrast + LEAST), np.log(sharpness + LEAST)], axis=1)


def departures(values: Errors, looks: Looks, known: Errors, known_looks: Looks) -> tuple[Errors, Errors]:
    """By how many standard deviations values lie above what known ones lead to expect of such looks; and how far known ones do.

    values [s, n], looks [n, l], known [s, m], known_looks [m, l]. What is expected is linear in the looks (least squares); of a
    known image, by all others (leave-one-out). A standard deviation is that of the known ones about it.
    """
    inverse = np.linalg.pinv(known_looks)
    weights = known @ inverse.T
    others = np.maximum(1 - np.einsum("ml,lm->m", known_looks, inverse), LEAST)
    about = (known - weights @ known_looks.T) / others
    deviation = about.std(axis=1, keepdims=True)
    deviation[deviation == 0] = 1
    return (values - weights @ looks.T) / deviation, about / deviation


def scores(images: Signs, unseen: Signs) -> tuple[Values, Values]:
    """How unlike real images to one network images are, [n], and so are the real images that it has not seen, [m].

    The root of the sum of squares of five departures, those below 0 as 0: of the denoising errors at both levels from their mean,
    and of these and of the distance from what is expected of images as contrasty and as sharp.
    """
    plain = departures(images.errors, images.looks[:, :1], unseen.errors, unseen.looks[:, :1])
    rows, known_rows = (np.vstack([signs.errors, signs.away]) for signs in (images, unseen))
    adjusted = departures(rows, images.looks, known_rows, unseen.looks)
    of_images, of_unseen = (np.maximum(np.vstack(parts), 0) for parts in zip(plain, adjusted, strict=True))
    return np.linalg.norm(of_images, axis=0), np.linalg.norm(of_unseen, axis=0)


def percentile(images: Sequence[Signs], unseen: Sequence[Signs]) -> Values:
    """Share of the reference that is at least as unlike real images as an image: [n].

    (1 + the number of reference images whose score, by the network that has not seen them, is at least the image's by the same
    network) / (reference + 1): to a new, real image a p-value, cross-conformal (Vovk 2015). images, unseen: one entry a network.
    """
    as_unlike, total = np.ones(len(images[0].away)), 1
    for signs, known in zip(images, unseen, strict=True):
        of_images, of_unseen = scores(signs, known)
        ranked = np.sort(of_unseen)
        as_unlike += len(ranked) - np.searchsorted(ranked, of_images, side="left")
        total += len(ranked)
    return as_unlike / total


def denoising_error(errors: Sequence[Errors]) -> Values:
    """Root mean square denoising error of each image, the geometric mean over networks and levels, in pixel values: [n]."""
    return np.asarray(np.exp(np.mean([of_images.mean(axis=0) for of_images in errors], axis=0) / 2))


def band(path: Path) -> tuple[float, float]:
    """The range of that error over most of the reference, each image by the network that has not seen it.

    path: the weights of the judge. Raises StoreError where they cannot be read.
    """
    unseen = [values["errors"].mean(axis=0) for values in by_part(read_weights(path)).values()]
    low, high = np.exp(np.quantile(np.concatenate(unseen), BAND) / 2)
    return float(low), float(high)


def accepted(percentiles: Values, reference: int) -> Flags:
    """Whether more than 7.5 % of the reference images, and one at least, are as unlike real ones. reference: their number."""
    return percentiles > max(REFUSED, 1 / (reference + 1))


def real(percentiles: Values, energy: Values, ruler: Ruler) -> Flags:
    """The verdict: which images the judge accepts that are as sharp as real ones. energy: of their Laplacian."""
    return accepted(percentiles, len(ruler.reference)) & as_sharp(energy, ruler)
