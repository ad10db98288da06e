"""Sets of images that play denoisers; what every measure must say of them stands with the measures."""

import numpy as np
from scipy.ndimage import gaussian_filter

from creativity.measures.disguises import disguised
from creativity.sampling.noise import generator, starting_noise
from creativity.types import Pictures

TINY = 0.005  # standard deviation of the copier's noise: about half a grey level
BLUR = 1 / 16  # standard deviation of the blur over the side of the image; at least a pixel


def copier(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Training images drawn with replacement, with tiny noise: what the best denoiser of a finite training set does."""
    chosen = [int(generator(seed, i).integers(len(train))) for i in range(count)]
    return train[chosen] + np.float32(TINY) * starting_noise(seed, range(count), train.shape[1:])


def held_out(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Held-out images as they are: what real, new images score."""
    return heldout[:count]


def blurred(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Held-out images after a Gaussian blur: new, close to real images, and not real."""
    sigma = max(1.0, BLUR * heldout.shape[-1])
    return gaussian_filter(heldout[:count], (0, 0, sigma, sigma), mode="nearest")


def gaussian(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Draws from the Gaussian with the mean and the covariance of the training set: mu + Sigma^(1/2) eps."""
    rows = train.reshape(len(train), -1).astype(np.float64)
    mean = rows.mean(axis=0)
    _, spread, directions = np.linalg.svd(rows - mean, full_matrices=False)
    eps = starting_noise(seed, range(count), train.shape[1:]).reshape(count, -1)
    scaled = (eps @ directions.T) * (spread / np.sqrt(len(rows)))
    return (mean + scaled @ directions).reshape(count, *train.shape[1:]).astype(np.float32)


def noise(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """White noise with the mean and the standard deviation of the training set's pixels."""
    return train.mean() + train.std() * starting_noise(seed, range(count), train.shape[1:])


CONTROLS = {
    "copier": copier,
    "disguised": disguised,
    "held-out": held_out,
    "blurred": blurred,
    "gaussian": gaussian,
    "noise": noise,
}
