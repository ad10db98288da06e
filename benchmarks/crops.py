"""A large set of real images with planted copies: `python benchmarks/crops.py FOLDER TRAIN OTHER SAMPLES`, then `make ask`.

Crops of three photographs (two of scikit-learn's, one of matplotlib's), 32 x 32 in colour, each from a square of 24 to 160 pixels.
Of the samples, 60 are copies of training images, 15 of each kind, one in ten is a crop of its own, and all others are means of two
training images, blurred. `python benchmarks/crops.py RESULTS` counts what a finished campaign says of each kind.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import matplotlib.cbook
import numpy as np
import pandas as pd
from PIL import Image, ImageFilter
from sklearn.datasets import load_sample_images

from creativity import store

SIDE, PLANTED = 32, 15
SQUARES = (24, 161)  # pixels
BLUR = ImageFilter.GaussianBlur(1)


def moved(image: Image.Image) -> Image.Image:
    """Two pixels to the right and down, the border repeated."""
    return Image.fromarray(np.pad(np.asarray(image), ((2, 0), (2, 0), (0, 0)), mode="edge")[:SIDE, :SIDE])


def brighter(image: Image.Image) -> Image.Image:
    """By a quarter, and clipped."""
    return image.point(lambda value: min(255, int(value * 1.25)))


KINDS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "exact": lambda image: image,
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "moved": moved,
    "brighter": brighter,
}


def photographs() -> list[Image.Image]:
    with matplotlib.cbook.get_sample_data("grace_hopper.jpg") as file:
        portrait = Image.open(file).convert("RGB")
    return [*map(Image.fromarray, load_sample_images().images), portrait]


def crop(photos: list[Image.Image], rng: np.random.Generator) -> Image.Image:
    """A random square of a random photograph, at 32 x 32."""
    photo, square = photos[rng.integers(len(photos))], int(rng.integers(*SQUARES))
    left, top = (int(rng.integers(length - square)) for length in photo.size)
    return photo.crop((left, top, left + square, top + square)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def save(images: list[Image.Image], folder: Path, name: str) -> None:
    for i, image in enumerate(images):
        image.save(folder / f"{name}-{i:05d}.png", compress_level=1)


def write(root: Path, numbers: dict[str, int]) -> None:
    """The folders train, other and samples below `root`; numbers: how many images each has."""
    photos, rng = photographs(), np.random.default_rng(0)
    for name in numbers:
        (root / name).mkdir(parents=True)
    train = [crop(photos, rng) for _ in range(numbers["train"])]
    save(train, root / "train", "train")
    save([crop(photos, rng) for _ in range(numbers["other"])], root / "other", "other")
    chosen = rng.permutation(len(train))
    for i, (kind, change) in enumerate(KINDS.items()):
        save([change(train[j]) for j in chosen[i * PLANTED : (i + 1) * PLANTED]], root / "samples", kind)
    own = numbers["samples"] // 10
    save([crop(photos, rng) for _ in range(own)], root / "samples", "new")
    pairs = rng.integers(len(train), size=(numbers["samples"] - own - PLANTED * len(KINDS), 2))
    save([Image.blend(train[a], train[b], 0.5).filter(BLUR) for a, b in pairs], root / "samples", "blend")


def found(root: Path) -> pd.DataFrame:
    """What the samples of each kind are called: a row a kind, the number of samples of each class. root: results/<campaign>."""
    (path,) = root.glob("runs/*/my-model/*/samples.parquet")
    kinds = [name.rpartition("-")[0] for name in json.loads(store.footer(path)["run"])["files"]]
    table = store.read(path.with_name("sample_measures.parquet")).to_pandas()
    classes = table[table["measure"] == "class"].sort_values("sample")["text"].to_numpy()
    return pd.crosstab(pd.Series(kinds, name="planted"), pd.Series(classes, name="called"))


if __name__ == "__main__":
    if len(sys.argv) == 2:
        print(found(Path(sys.argv[1])).to_string())
    else:
        write(Path(sys.argv[1]), dict(zip(("train", "other", "samples"), map(int, sys.argv[2:]), strict=True)))
