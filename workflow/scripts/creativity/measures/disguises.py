"""Training images with one known change each, as copies in disguise: what a search for copies must see through.

A disguise is a function of an image [c, h, w], another real image of that shape and a stream of random numbers.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from creativity import store
from creativity.measures import intervals, verdict
from creativity.neighbours.spaces.halves import halves
from creativity.sampling.noise import generator
from creativity.types import Flags, Interval, Picture, Pictures, Values

QUALITY = 40  # of JPEG, of 100
CROP = 7 / 8  # of the side: 14 of 16 pixels
BLUR = 0.7  # standard deviation in pixels
GAINS, OFFSETS = (0.7, 1.3), (-0.2, 0.2)
Disguise = Callable[[Picture, Picture, np.random.Generator], Picture]


class New(NamedTuple):
    """The copy scores of new images by space, and those that are their standard (`verdict.evidence`)."""

    scores: Mapping[str, Values]
    standard: Mapping[str, Values]


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
    parts = halves(*image.shape[1:])
    chosen, pasted = parts[random.integers(len(parts))], other.copy()
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
MOST = 200  # training images that are disguised, of each subset
FALSE_ALARMS = 0.01  # share of held-out images that are found too
ANY = "any"  # all spaces together
FOUND = {"kind": store.TEXT, "space": store.TEXT, "found": store.REAL, "low": store.REAL, "high": store.REAL, "count": store.LONG}
DISGUISED = {"subset": store.TEXT} | FOUND


def kind_of(sample: int) -> str:
    """The disguise of a sample of the control `disguised`, or of `all_disguises`: kinds take turns.

    >>> kind_of(0), kind_of(len(KINDS) + 1)
    ('mirror', 'shift 1 px')
    """
    return KINDS[sample % len(KINDS)]


def disguised(train: Pictures, heldout: Pictures, seed: int, count: int) -> Pictures:
    """Training images drawn with replacement, sample i in the disguise `kind_of(i)`; the other image is held-out."""
    chosen = (train[generator(seed, i, step=1).integers(len(train))] for i in range(count))
    samples = [disguise(image, heldout, seed, i) for i, image in enumerate(chosen)]
    return np.array(samples, dtype=np.float32).reshape(count, *train.shape[1:])


def all_disguises(train: Pictures, heldout: Pictures) -> Pictures:
    """Training images, at most MOST, in each disguise: image j in the disguise `kind_of(i)` is at i, i // len(KINDS) being j."""
    chosen = np.sort(generator(0, 0).permutation(len(train))[:MOST])
    samples = [disguise(train[chosen[i // len(KINDS)]], heldout, 0, i) for i in range(len(chosen) * len(KINDS))]
    return np.array(samples, dtype=np.float32)


def disguise(image: Picture, heldout: Pictures, seed: int, sample: int) -> Picture:
    """An image in the disguise of a sample, with random numbers of its own."""
    random = generator(seed, sample)
    return DISGUISES[kind_of(sample)](image, heldout[random.integers(len(heldout))], random)


def shares(scores: Mapping[str, Values], new: Sequence[New]) -> dict[tuple[str, str], Interval]:
    """{(kind, space): the share of copies in this disguise that this space finds}, beside each set of new images.

    scores: of `all_disguises`, by space.
    """
    beside = [found_beside(scores, one) for one in new]
    found = {space: np.logical_and.reduce([one[space] for one in beside]) for space in (*scores, ANY)}
    return {
        (kind, space): intervals.share(flags[i :: len(KINDS)]) for i, kind in enumerate(KINDS) for space, flags in found.items()
    }


def found_beside(scores: Mapping[str, Values], new: New) -> dict[str, Flags]:
    """Which scores are below those of all new images but FALSE_ALARMS (`verdict.found`); `any`: by the evidence of all spaces."""
    found = {space: verdict.found(scores[space], new.scores[space], FALSE_ALARMS) for space in scores}
    own, others = (verdict.evidence([of[s] for s in scores], [new.standard[s] for s in scores]) for of in (scores, new.scores))
    return found | {ANY: verdict.found(own, others, FALSE_ALARMS)}


def to_file(image: Picture) -> Image.Image:
    """An image in -1..1 as one of 256 levels."""
    levels = store.from_unit(np.ascontiguousarray(image)[None])[0]
    return Image.fromarray(levels[0] if len(levels) == 1 else levels.transpose(1, 2, 0))


def from_file(image: Image.Image) -> Picture:
    levels = np.asarray(image, dtype=np.uint8)
    return store.to_unit(levels.reshape(*levels.shape[:2], -1).transpose(2, 0, 1)[None])[0]
