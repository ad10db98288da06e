"""Time of closed forms at the paper's size: 1000 images of 64 x 64 in colour, 100 samples, 20 Heun steps, on one thread.

python benchmarks/paper_size.py IMAGES [N]      IMAGES: a Parquet file of a campaign's training images, 64 x 64 in colour
"""

import resource
import sys
from pathlib import Path

import torch
from rounds import record, seconds, unpaired_row

from creativity import store
from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.families.bayes import Bayes
from creativity.families.linear import Linear
from creativity.families.local import Local
from creativity.families.polynomial import Polynomial
from creativity.sampling.draw import draw

SAMPLES, STEPS = 100, 20
FORMS = {
    "bayes": Bayes(family="bayes"),
    "linear": Linear(family="linear"),
    "polynomial-3": Polynomial(family="polynomial", degree=3),
    "local-7": Local(family="local", patch=7),
    "local-15": Local(family="local", patch=15),
}


def sampled(name: str, images: torch.Tensor) -> None:
    """Builds a closed form from images [n, c, h, w] and draws all samples."""
    with torch.no_grad():
        draw(build(FORMS[name], images), tuple(images.shape[1:]), Sampling(count=SAMPLES, steps=STEPS))


def main(path: Path, n: int = 1000) -> None:
    torch.set_num_threads(1)
    images = torch.from_numpy(store.units(path)[:n])
    size = f"{len(images)} images of {images.shape[2]} x {images.shape[3]} x {images.shape[1]}"
    for name in FORMS:
        time = seconds(lambda name=name: sampled(name, images))
        record([unpaired_row(f"{SAMPLES} samples of {name}, {STEPS} steps", size, time, "s")])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
