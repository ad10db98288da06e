"""Which training images are copied first, outliers or prototypes? Both are planted among faces, in several training sets.

A face y becomes an outlier m + OUTLIER (y - m) or a prototype m + PROTOTYPE (y - m), m being the mean face: farther from all other
images, or nearer to them. Each training set is one target of a study, whose campaigns run as any other does; what is compared is
the mean number of samples near an outlier and near a prototype, by the limit that favours neither (docs/measures.md).

python benchmarks/planted.py [FOLDER]      writes results/planted-<set>/ and prints the table
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from PIL import Image
from rounds import record, unpaired_row
from scipy.stats import ttest_1samp

from creativity import data
from creativity.campaign.sections import Dataset
from creativity.data.source import pixels

SETS, TRAIN, PLANTED, SIDE = 6, 40, 10, 16
OUTLIER, PROTOTYPE = 1.6, 0.5
KINDS = ("outlier", "prototype", "plain")
STEPS = 800  # so few that a part of the samples is copied: of 450 steps none was as near as any real, new image
CAMPAIGN = {
    "campaign": "planted",
    "subsets": {"sizes": [TRAIN], "heldout": 160, "reference": 200},
    "denoisers": {
        "unet-pool2": {"family": "unet", "pooling": 2, "width": 16},
        "unet-pool3": {"family": "unet", "pooling": 3, "width": 16},
    },
    "training": {"steps": STEPS, "batch_size": 32, "checkpoints": [1.0], "device": "cpu"},
    "sampling": {"count": 160, "steps": 20},
    "neighbours": {"spaces": ["pixel", "pca"]},
    "judge": {"steps": 100, "folds": 2, "width": 8},
}


def faces() -> np.ndarray:
    """All 400 faces as numbers from 0 to 255, [400, side, side]."""
    dataset = Dataset(name="orl-faces", size=SIDE)
    source = data.load(dataset)
    return np.stack([pixels(source.read(i), dataset)[0] for i in range(len(source.ids))]).astype(float)


def plant(images: np.ndarray, folder: Path, seed: int) -> None:
    """A training set with planted images, and all other faces, as two folders of PNG files."""
    order, mean = np.random.default_rng(seed).permutation(len(images)), images.mean(axis=0)
    for place, i in enumerate(order):
        kind = KINDS[min(place // PLANTED, 2)]
        factor = {"outlier": OUTLIER, "prototype": PROTOTYPE, "plain": 1.0}[kind]
        shown = images[i] if place >= TRAIN else mean + factor * (images[i] - mean)
        path = folder / ("other" if place >= TRAIN else f"train/{kind}") / f"{i:03}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.clip(np.rint(shown), 0, 255).astype(np.uint8)).save(path)


def write(folder: Path) -> Path:
    """The images of all training sets, and the campaign file."""
    images = faces()
    for i in range(SETS):
        plant(images, folder / f"set{i}", i)
    sets = {f"set{i}": {"name": "image-folder", "size": SIDE} | paths(folder / f"set{i}") for i in range(SETS)}
    path = folder / "planted.yaml"
    path.write_text(yaml.safe_dump({**CAMPAIGN, "targets": sets}, sort_keys=False), encoding="utf-8")
    return path


def paths(folder: Path) -> dict[str, str]:
    return {"train": str(folder / "train"), "path": str(folder / "other")}


def near(denoiser: str) -> pd.DataFrame:
    """Mean number of samples near an image of each kind, and their isolation: a row a training set."""
    rows = []
    for i in range(SETS):
        table = pd.read_parquet(f"results/planted-set{i}/copied.parquet")
        table = table[table["denoiser"] == denoiser]
        kinds = table["label"].astype(str).str.rpartition("/")[2]
        means = table.groupby(kinds)[["near", "isolation", "copies"]].mean()
        rows.append({f"{column} {kind}": means[column].get(kind, 0.0) for column in means for kind in KINDS})
    return pd.DataFrame(rows)


def main(folder: Path) -> None:
    path = write(folder)
    tables = [f"results/planted-set{i}/copied.parquet" for i in range(SETS)]
    subprocess.run(["snakemake", *tables, "--profile", "profiles/local", "--configfile", str(path)], check=True)
    for denoiser in CAMPAIGN["denoisers"]:
        table = near(denoiser)
        print(denoiser, table.round(2).to_string(), sep="\n")
        for count in ("near", "copies"):
            difference = table[f"{count} outlier"] - table[f"{count} prototype"]
            p = ttest_1samp(difference, 0).pvalue
            record([unpaired_row(f"{count}: outlier - prototype, {denoiser}", f"p {p:.2g}", difference.mean(), "samples", SETS)])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/planted-images"))
