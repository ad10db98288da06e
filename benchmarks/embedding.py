"""Does an embedding trained on a campaign's own images find copies in disguise that the spaces of images do not?

SSCD's recipe in small (Pizzi et al. 2022): a convolutional network is trained by InfoNCE, with an entropy term, to tell two
disguises of one image from those of all others. It sees the reference alone, so that training and held-out images are alike to it.

python benchmarks/embedding.py results/faces/subsets/n100-s0 [STEPS]
"""

import sys
from pathlib import Path

import numpy as np
import torch
from rounds import record, unpaired_row
from torch import Tensor, nn
from torch.nn import functional

from creativity import store
from creativity.measures.disguises import DISGUISES, FALSE_ALARMS, KINDS, all_disguises, disguise
from creativity.measures.intervals import share
from creativity.measures.verdict import copy_score, evidence, found
from creativity.neighbours import spaces
from creativity.neighbours.search import nearest, search
from creativity.sampling.noise import generator
from creativity.types import Pictures, Values

SPACES = ("pixel", "pca", "aligned", "halves")
STEPS, BATCH, WIDTH, DIMENSIONS = 2000, 96, 32, 64
TEMPERATURE, ENTROPY = 0.1, 1.0  # SSCD's are 0.05 and 30, for a batch of 4096
UNSEEN = ("turned", "three at once")  # disguises that the network is not trained on


def network(channels: int) -> nn.Module:
    """Images [n, c, h, w] to features [n, DIMENSIONS]: three halvings of the side, twice the width at each."""
    layers, width = [], WIDTH
    for stride in (1, 2, 2, 2):
        layers += [nn.Conv2d(channels, width, 3, stride, 1), nn.GroupNorm(8, width), nn.GELU()]
        layers += [nn.Conv2d(width, width, 3, 1, 1), nn.GroupNorm(8, width), nn.GELU()]
        channels, width = width, 2 * width if stride == 2 else width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.LazyLinear(DIMENSIONS))


def features(net: nn.Module, images: Pictures) -> np.ndarray:
    with torch.no_grad():
        rows = [functional.normalize(net(torch.from_numpy(np.ascontiguousarray(part)))) for part in np.array_split(images, 8)]
    return torch.cat(rows).numpy()


def loss_of(one: Tensor, other: Tensor) -> Tensor:
    """InfoNCE of two disguises of each image, and SSCD's entropy: minus the mean ln distance to the nearest other image."""
    both = functional.normalize(torch.cat([one, other]))
    likeness = both @ both.T / TEMPERATURE
    likeness.fill_diagonal_(-torch.inf)
    count = len(one)
    contrast = functional.cross_entropy(likeness, torch.arange(2 * count).roll(count))
    others = likeness.masked_fill(torch.eye(count, dtype=torch.bool).repeat(2, 2), -torch.inf).amax(1) * TEMPERATURE
    return contrast - ENTROPY * (2 - 2 * others).clamp_min(1e-6).log().mean() / 2


def fit(net: nn.Module, images: Pictures, steps: int) -> None:
    """Trains on pairs of an image in two random disguises; one in four is the image as it is."""
    optimizer = torch.optim.AdamW(net.parameters(), 1e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for step in range(steps):
        random = generator(0, step, step=2)
        chosen = random.choice(len(images), min(BATCH, len(images)), replace=False)
        pairs = [[drawn(images[i], images, random) for i in chosen] for _ in range(2)]
        one, other = (net(torch.from_numpy(np.array(side, dtype=np.float32))) for side in pairs)
        loss = loss_of(one, other)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


def drawn(image: np.ndarray, others: Pictures, random: np.random.Generator) -> np.ndarray:
    if random.random() < 0.25:
        return image
    return DISGUISES[KINDS[random.integers(len(KINDS))]](image, others[random.integers(len(others))], random)


def unseen(train: Pictures, heldout: Pictures) -> dict[str, Pictures]:
    """Training images turned by 10 degrees, and with three disguises one after another: crop, mirror, gain and offset."""
    from scipy.ndimage import rotate

    turned = rotate(train, 10, axes=(-1, -2), reshape=False, order=1, mode="nearest")
    three = train
    for kind in ("crop 7/8", "mirror", "gain and offset"):
        place = KINDS.index(kind)
        three = np.array([disguise(image, heldout, 1, place + len(KINDS) * i) for i, image in enumerate(three)])
    return {kind: images.astype(np.float32) for kind, images in zip(UNSEEN, (turned, three), strict=True)}


def scores_of(images: Pictures, train: Pictures, reference: Pictures, net: nn.Module) -> dict[str, Values]:
    """The copy score of each image in each space, the embedding last."""
    scores, fitted = {}, spaces.fit(SPACES, reference)
    for space in SPACES:
        scale = search(train, reference, fitted, space, 5, False).distances[:, -1]
        scores[space] = copy_score(search(images, train, fitted, space, 1, True), scale)
    known, mirrored, real = (features(net, of) for of in (train, train[..., ::-1], reference))
    scale, own = nearest(known, real, 5).distances[:, -1], features(net, images)
    near, other = nearest(own, known, 1), nearest(own, mirrored, 1)
    scores["embedding"] = np.minimum(copy_score(near, scale), copy_score(other, scale))
    return scores


def main(folder: Path, steps: int = STEPS) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    train, heldout = (store.units(folder / f"{side}.parquet") for side in ("train", "heldout"))
    reference = store.units(folder.parents[1] / "reference.parquet")
    net = network(train.shape[1])
    net(torch.from_numpy(train[:1]))
    fit(net, reference, steps)
    net.eval()
    copies = all_disguises(train, heldout)
    cases = {kind: copies[i :: len(KINDS)] for i, kind in enumerate(KINDS)} | unseen(train, heldout)
    held, real = (scores_of(images, train, reference, net) for images in (heldout, reference))
    for kind, images in cases.items():
        scores = scores_of(images, train, reference, net)
        for name, chosen in {"embedding": ["embedding"], "spaces of images": SPACES, "with embedding": list(scores)}.items():
            own, of_held = (evidence([of[s] for s in chosen], [real[s] for s in chosen]) for of in (scores, held))
            value, low, high, _ = share(found(own, of_held, FALSE_ALARMS))
            record([unpaired_row(f"copies found by {name}", kind, value, "share")])
            print(f"{kind:16} {name:18} {value:.2f} [{low:.2f}, {high:.2f}]", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
