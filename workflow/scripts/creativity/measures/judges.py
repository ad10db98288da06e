"""What the judge of realism says of images: how hard they are to denoise for networks that know real images alone.

The networks are those of `creativity.training.judge`; here are their verdicts, without torch.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from creativity import store
from creativity.store.weights import by_part, read_weights
from creativity.types import Flags, Values

REFUSED = 0.075  # share of new, real images that the judge refuses
JUDGED = {"sample": store.LONG, "percentile": store.REAL, "error": store.REAL}
JUDGES = {"subset": store.TEXT, "control": store.TEXT, "judge": store.TEXT, "real": store.REAL}
JUDGES |= {"low": store.REAL, "high": store.REAL, "count": store.LONG}
BAND = (0.01, 1 - REFUSED)  # shares of the reference between which an error is that of a real image
Errors = Float[np.ndarray, "levels _"]  # ln of the denoising error of each image, at each noise level


def score(errors: Errors, unseen: Errors) -> Values:
    """How many standard deviations an image is harder to denoise than real ones, at the level at which it is hardest: [n].

    errors: of the images, unseen: of the real images that the same network has not seen, by which each level is standardised.
    """
    mean, deviation = unseen.mean(axis=1, keepdims=True), unseen.std(axis=1, keepdims=True)
    return np.asarray(((errors - mean) / np.where(deviation > 0, deviation, 1)).max(axis=0))


def percentile(errors: Sequence[Errors], unseen: Sequence[Errors]) -> Values:
    """Share of the reference that is at least as hard to denoise as an image: [n].

    (1 + the number of reference images whose score, by the network that has not seen them, is at least the image's by the same
    network) / (reference + 1): to a new, real image a p-value, cross-conformal (Vovk 2015). errors, unseen: one entry a network.
    """
    as_hard, total = np.ones(errors[0].shape[1]), 1
    for of_images, of_unseen in zip(errors, unseen, strict=True):
        known = np.sort(score(of_unseen, of_unseen))
        as_hard += len(known) - np.searchsorted(known, score(of_images, of_unseen), side="left")
        total += len(known)
    return as_hard / total


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
    """Whether more than 7.5 % of the reference images, and one at least, are as hard to denoise. reference: their number."""
    return percentiles > max(REFUSED, 1 / (reference + 1))
