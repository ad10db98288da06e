"""Shared code of the synthetic data sets, whose images are random draws from a fixed distribution.

Draw i is a function of the image size and of i alone, so images are generated when they are read, and never stored.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creativity.campaign.sections import Dataset
from creativity.data.source import Source
from creativity.sampling.noise import generator

COUNT = 100_000
Field = NDArray[np.float64]  # [size, size], in -1..1


def count(dataset: Dataset) -> int:
    return COUNT


def source(dataset: Dataset, key: int, draw: Callable[[np.random.Generator, int], Field]) -> Source:
    """The draws of one distribution. key: an integer unique to it, so that no two data sets share random numbers."""
    seed = (key << 32) + dataset.size
    ids = [f"draw/{i}" for i in range(COUNT)]
    return Source(ids, [None] * COUNT, None, lambda i: to_image(draw(generator(seed, i), dataset.size)))


def to_image(field: Field) -> Image.Image:
    """Values in -1..1, clipped and rounded to grey values 0..255: the rounding error is at most 1/255."""
    return Image.fromarray(np.rint((np.clip(field, -1, 1) + 1) * 127.5).astype(np.uint8))


def gaussian(random: np.random.Generator, size: int, deviation: float) -> Field:
    """A stationary Gaussian random field [size, size] on the torus, with a standard deviation, drawn from its power spectrum."""
    spectrum = field_spectrum(size)
    noise = np.fft.fft2(random.standard_normal((size, size)))
    return deviation * np.real(np.fft.ifft2(noise * np.sqrt(spectrum / spectrum.mean())))


def field_spectrum(size: int) -> Field:
    """The power spectrum (1 + (k / 1.5)^2)^(-5/2) at k cycles per image, not normalised: [size, size]."""
    cycles = np.fft.fftfreq(size, 1 / size)
    square = np.square(cycles)[:, None] + np.square(cycles)
    return (1 + square / 1.5**2) ** -2.5
