"""Time of closed forms at the paper's size: 1000 images of 64 x 64 in colour, 100 samples, 20 Heun steps, on one thread.

`python benchmarks/paper_size.py IMAGES`, IMAGES being a Parquet file of a campaign's training images, 64 x 64 in colour.
equivariant-local-7 is left out unless it is named: at this size it would take days (there, try 100 images of 32 x 32).
"""

import argparse
import resource
from collections.abc import Sequence
from pathlib import Path

import torch
from rounds import record, seconds, unpaired_row

from creativity import store
from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.linear import Linear
from creativity.families.local import Local
from creativity.families.polynomial import Polynomial
from creativity.sampling.draw import draw

STEPS = 20
FORMS = {
    "bayes": Bayes(family="bayes"),
    "linear": Linear(family="linear"),
    "polynomial-3": Polynomial(family="polynomial", degree=3),
    "local-7": Local(family="local", patch=7),
    "local-15": Local(family="local", patch=15),
    "equivariant-local-7": EquivariantLocal(family="equivariant-local", patch=7),
}
AFFORDABLE = tuple(FORMS)[:-1]


def sampled(name: str, images: torch.Tensor, samples: int) -> None:
    """Builds a closed form from images [n, c, h, w] and draws all samples."""
    with torch.no_grad():
        draw(build(FORMS[name], images), tuple(images.shape[1:]), Sampling(count=samples, steps=STEPS))


def main(path: Path, n: int, samples: int, names: Sequence[str]) -> None:
    torch.set_num_threads(1)
    images = torch.from_numpy(store.units(path)[:n])
    size = f"{len(images)} images of {images.shape[2]} x {images.shape[3]} x {images.shape[1]}"
    for name in names:
        time = seconds(lambda name=name: sampled(name, images, samples))
        record([unpaired_row(f"{samples} samples of {name}, {STEPS} steps", size, time, "s")])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=AFFORDABLE)
    asked = parser.parse_args()
    main(asked.images, asked.n, asked.samples, asked.forms)
