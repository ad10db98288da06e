"""Training images with one known change each, as copies in disguise: what a search for copies must see through.

A disguise is a function of an image [c, h, w], another real image of that shape and a stream of random numbers.
"""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from creativity import store
from creativity.sampling.noise import generator
from creativity.types import Picture, Pictures

QUALITY = 40  # of JPEG, of 100
CROP = 7 / 8  # of the side: 14 of 16 pixels
BLUR = 0.7  # standard deviation in pixels
GAINS, OFFSETS = (0.7, 1.3), (-0.2, 0.2)
Disguise = Callable[[Picture, Picture, np.random.Generator], Picture]


def mirror(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
    return image[..., ::-1]


def shift(pixels: int) -> Disguise:
    """Moves an image by so many pixels in one of eight directions; the border is repeated."""
    moves = [(down, right) for down in (-pixels, 0, pixels) for right in (-pixels, 0, pixels) if (down, right) != (0, 0)]

    def moved(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
        (down, right), (h, w) = moves[random.integers(len(moves))], image.shape[1:]
        rows, columns = np.clip(np.arange(h) - down, 0, h - 1), np.clip(np.arange(w) - right, 0, w - 1)
        return image[:, rows][:, :, columns]

    return moved


def gain_and_offset(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
    """Another contrast and brightness, cut off at black and white."""
    gain, offset = random.uniform(*GAINS), random.uniform(*OFFSETS)
    return np.clip(gain * image + offset, -1, 1)


def jpeg(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
    """Written as a JPEG file and read again."""
    file = io.BytesIO()
    to_file(image).save(file, "JPEG", quality=QUALITY)
    return from_file(Image.open(file))


def blur(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
    return gaussian_filter(image, (0, BLUR, BLUR), mode="nearest")


def noise(deviation: float) -> Disguise:
    """Adds white noise of this standard deviation."""
    return lambda image, other, random: image + deviation * random.standard_normal(image.shape)


def crop(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
    """A part of the image, at a random place, brought to full size by Pillow's bicubic filter."""
    h, w = image.shape[1:]
    rows, columns = round(CROP * h), round(CROP * w)
    top, left = random.integers(h - rows + 1), random.integers(w - columns + 1)
    part = to_file(image).crop((left, top, left + columns, top + rows))
    return from_file(part.resize((w, h), Image.Resampling.BICUBIC))


def half(image: Picture, other: Picture, random: np.random.Generator) -> Picture:
    """The upper, lower, left or right half, over another real image."""
    h, w = image.shape[1:]
    halves = (np.s_[:, : h // 2], np.s_[:, h // 2 :], np.s_[..., : w // 2], np.s_[..., w // 2 :])
    chosen, pasted = halves[random.integers(len(halves))], other.copy()
    pasted[chosen] = image[chosen]
    return pasted


DISGUISES: dict[str, Disguise] = {
    "mirror": mirror,
    "shift 1 px": shift(1),
    "shift 2 px": shift(2),
    "gain and offset": gain_and_offset,
    "noise 0.05": noise(0.05),
    "noise 0.2": noise(0.2),
    "JPEG 40": jpeg,
    "blur 0.7 px": blur,
    "crop 7/8": crop,
    "half": half,
}
KINDS = tuple(DISGUISES)


def kind_of(sample: int) -> str:
    """The disguise of a sample of the control `disguised`: kinds take turns.

    >>> kind_of(0), kind_of(len(KINDS) + 1)
    ('mirror', 'shift 1 px')
    """
    return KINDS[sample % len(KINDS)]


def disguised(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Training images drawn with replacement, sample i in the disguise `kind_of(i)`; the other image is held-out."""
    samples = []
    for i in range(count):
        random = generator(seed, i)
        image, other = train[random.integers(len(train))], heldout[random.integers(len(heldout))]
        samples.append(DISGUISES[kind_of(i)](image, other, random))
    return np.array(samples, dtype=np.float32).reshape(count, *train.shape[1:])


def in_disguise(kind: str, train: Pictures, heldout: Pictures, seed: int) -> Pictures:
    """Every one of these training images in one disguise."""
    streams = [generator(seed, i) for i in range(len(train))]
    others = [heldout[random.integers(len(heldout))] for random in streams]
    pairs = zip(train, others, streams, strict=True)
    return np.array([DISGUISES[kind](*pair) for pair in pairs], dtype=np.float32).reshape(train.shape)


def to_file(image: Picture) -> Image.Image:
    """An image in -1..1 as one of 256 levels."""
    levels = store.from_unit(np.ascontiguousarray(image)[None])[0]
    return Image.fromarray(levels[0] if len(levels) == 1 else levels.transpose(1, 2, 0))


def from_file(image: Image.Image) -> Picture:
    levels = np.asarray(image, dtype=np.uint8)
    return store.to_unit(levels.reshape(*levels.shape[:2], -1).transpose(2, 0, 1)[None])[0]
