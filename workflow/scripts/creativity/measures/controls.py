"""Sets of images that play denoisers; what every measure must say of them stands with the measures."""

import numpy as np
from scipy.linalg import eigh
from scipy.ndimage import gaussian_filter

from creativity.measures.disguises import disguised
from creativity.neighbours.vectors import ROWS, in_rows, slices
from creativity.sampling.noise import generator, starting_noise
from creativity.types import Pictures, Values, Vectors

TINY = 0.005  # standard deviation of the copier's noise: about half a grey level
BLUR = 1 / 16  # standard deviation of the blur over the side of the image; at least a pixel
PATCHES = 4  # patches along a side of a torn image or a mosaic
GRID = tuple(np.ndindex(PATCHES, PATCHES))


def copier(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Training images drawn with replacement, with tiny noise: what the best denoiser of a finite training set does."""
    chosen = [int(generator(seed, i).integers(len(train))) for i in range(count)]
    return train[chosen] + np.float32(TINY) * starting_noise(seed, range(count), train.shape[1:])


def held_out(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Held-out images as they are: what real, new images score."""
    return heldout[:count]


def halves(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Half of one training image beside, or above, the other half of another."""
    images = np.empty((count, *train.shape[1:]), dtype=train.dtype)
    for i, image in enumerate(images):
        random = generator(seed, i)
        first, second = random.choice(len(train), 2, replace=False)
        middle = train.shape[-1] // 2
        part = (..., slice(middle)) if random.integers(2) else (slice(None), slice(middle))
        image[:] = train[second]
        image[part] = train[first][part]
    return images


def torn(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Held-out images cut into 4 x 4 patches in a random order: every detail is real, the whole is not.

    Where 4 does not divide the side, the last rows and columns stay in their place.
    """
    images = heldout[:count].copy()
    side = images.shape[-1] // PATCHES
    places = [(slice(None), slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side)) for row, column in GRID]
    for i, (image, whole) in enumerate(zip(images, heldout, strict=False)):
        for place, source in zip(places, generator(seed, i).permutation(len(places)), strict=True):
            image[place] = whole[places[source]]
    return images


def mosaic(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """4 x 4 patches, each that of a random training image at the same place."""
    images = np.empty((count, *train.shape[1:]), dtype=train.dtype)
    edges = [round(step * train.shape[-1] / PATCHES) for step in range(PATCHES + 1)]
    for i, image in enumerate(images):
        for (row, column), source in zip(GRID, generator(seed, i).integers(len(train), size=len(GRID)), strict=True):
            place = (slice(None), slice(*edges[row : row + 2]), slice(*edges[column : column + 2]))
            image[place] = train[source][place]
    return images


def blurred(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Held-out images after a Gaussian blur: new, close to real images, and not real."""
    sigma = max(1.0, BLUR * heldout.shape[-1])
    return gaussian_filter(heldout[:count], (0, 0, sigma, sigma), mode="nearest")


def gaussian(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Draws from the Gaussian with the mean and the covariance of the training set: mu + Sigma^(1/2) eps."""
    rows = in_rows(train)
    mean = rows.mean(axis=0, dtype=np.float64)
    spread, directions = (few if len(rows) < rows.shape[1] else many)(rows, mean)
    eps = starting_noise(seed, range(count), train.shape[1:]).reshape(count, -1)
    return (mean + (eps @ directions.T) * spread @ directions).reshape(count, *train.shape[1:]).astype(np.float32)


def few(rows: Vectors, mean: Values) -> tuple[Values, Vectors]:
    """Standard deviations along principal directions, and these as rows; from the images themselves."""
    _, values, directions = np.linalg.svd(rows - mean, full_matrices=False)
    return values / np.sqrt(len(rows)), directions


def many(rows: Vectors, mean: Values) -> tuple[Values, Vectors]:
    """The same from the covariance, which is summed over some images at a time."""
    covariance = np.zeros((rows.shape[1], rows.shape[1]))
    for some in slices(len(rows), ROWS):
        part = rows[some] - mean
        covariance += part.T @ part / len(rows)
    variances, directions = eigh(covariance, overwrite_a=True)
    return np.sqrt(np.maximum(variances, 0)), directions.T


def noise(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """White noise with the mean and the standard deviation of the training set's pixels."""
    return train.mean() + train.std() * starting_noise(seed, range(count), train.shape[1:])


CONTROLS = {
    "copier": copier,
    "disguised": disguised,
    "halves": halves,
    "mosaic": mosaic,
    "held-out": held_out,
    "blurred": blurred,
    "torn": torn,
    "gaussian": gaussian,
    "noise": noise,
}
