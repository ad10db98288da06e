"""Trains critics of realism: small classifiers that distinguish reference images from unreal images derived from them.

The unreal images are of four kinds: Gaussian draws, blurred images, noisy images, and mosaics of patches.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from creativity.campaign.sections import Critic, Sampling
from creativity.denoisers.local import LocalScore
from creativity.measures.critics import WITHOUT
from creativity.sampling.draw import draw
from creativity.store.weights import in_one
from creativity.tensors import Images, RealImages

FOLDS = 2
KINDS = ("gaussian", "blurred", "noise", "mosaic")  # of unreal images; the controls of these names are of the same kinds
BLUR = (1 / 32, 1 / 8)  # range of the blur's standard deviation, relative to the side of the image
NOISE = (0.05, 1.0)  # range of the noise's standard deviation, relative to that of the pixels
PATCHES = (3, 5, 9)  # sides of the patches of which mosaics are composed
MOSAICS = 64  # for each patch side
MOSAIC_SOURCES = 200  # the largest number of images whose patches enter the mosaics
BATCH = 32  # real images in a batch, and as many unreal ones
SHIFT = 1  # the largest shift in augmentation, in pixels
DRAWN: dict[str, Any] = {"sampler": "heun", "steps": 8, "sigma_min": 0.002, "sigma_max": 80.0, "rho": 7.0, "seed": 0}  # of mosaics


class CriticNet(nn.Module):
    """[b, c, h, w] -> logits [b] that an image is real.

    3 x 3 convolutions with pooling until the side is below 8, then the mean over pixels, dropout and a linear layer.
    """

    def __init__(self, width: int, shape: tuple[int, ...]) -> None:
        super().__init__()
        channels, side = shape[0], shape[-1]
        halvings = int(math.log2(side / 4))
        widths = [channels, *(width * 2**i for i in range(halvings + 1))]
        self.layers = nn.ModuleList(convolution(a, b) for a, b in pairwise(widths))
        self.last = nn.Linear(widths[-1], 1)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x: Images) -> Tensor:
        for i, layer in enumerate(self.layers):
            x = nn.functional.relu(layer(nn.functional.avg_pool2d(x, 2) if i else x))
        return self.last(self.dropout(x.mean(dim=(2, 3))))[:, 0]


def convolution(incoming: int, outgoing: int) -> nn.Conv2d:
    """A 3 x 3 convolution initialised as in He et al. (2015); with torch's smaller default weights learning starts much later."""
    layer = nn.Conv2d(incoming, outgoing, 3, padding=1)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return layer


class Unreal:
    """Draws unreal images derived from real images [n, c, h, w]: Gaussian draws, blurred images, noisy images, and mosaics."""

    def __init__(self, images: RealImages, random: torch.Generator, kinds: Sequence[str] = KINDS) -> None:
        self.images, self.random, self.kinds = images, random, kinds
        self.mean = images.mean(dim=0)
        sampling = Sampling(count=MOSAICS, **DRAWN)  # type: ignore[call-arg]
        mosaics = [draw(LocalScore(images[:MOSAIC_SOURCES], p), images.shape[1:], sampling, images.device) for p in PATCHES]
        self.mosaics = torch.cat(mosaics).to(images.device)

    def choice(self, images: RealImages, count: int) -> Images:
        """Images drawn uniformly with replacement."""
        return images[torch.randint(len(images), (count,), generator=self.random, device=images.device)]

    def log_uniform(self, low: float, high: float, count: int) -> Tensor:
        """Numbers between low and high with uniform logarithms: [count, 1, 1, 1]."""
        fraction = torch.rand(count, 1, 1, 1, generator=self.random, device=self.images.device)
        return low * (high / low) ** fraction

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers."""
        return torch.randn(*shape, generator=self.random, device=self.images.device)

    def gaussian(self, count: int) -> Images:
        """Gaussian draws with the mean and the covariance of the images: mu + sum_i eps_i (y_i - mu) / sqrt(n)."""
        eps = self.normal(count, len(self.images)) / math.sqrt(len(self.images))
        return self.mean + torch.einsum("bn,nchw->bchw", eps, self.images - self.mean)

    def blurred(self, count: int) -> Images:
        """Images blurred by a Gaussian kernel of random width."""
        side = self.images.shape[-1]
        position = torch.arange(side, device=self.images.device)
        width = side * self.log_uniform(*BLUR, count)[:, 0]
        kernel = torch.softmax(-(position[:, None] - position).square() / (2 * width**2), dim=2)
        return torch.einsum("bij,bcjk,blk->bcil", kernel, self.choice(self.images, count), kernel)

    def noise(self, count: int) -> Images:
        """Images with white noise of random standard deviation."""
        sigma = self.images.std() * self.log_uniform(*NOISE, count)
        return self.choice(self.images, count) + sigma * self.normal(count, *self.images.shape[1:])

    def mosaic(self, count: int) -> Images:
        """Mosaics of patches, drawn by the local score machine."""
        return self.choice(self.mosaics, count)

    def batch(self, count: int) -> Images:
        """`count` unreal images, as many of each kind as can be."""
        shares = [count // len(self.kinds) + (i < count % len(self.kinds)) for i in range(len(self.kinds))]
        return torch.cat([getattr(self, kind)(share) for kind, share in zip(self.kinds, shares, strict=True)])


def augmented(x: Images, random: torch.Generator) -> Images:
    """Data augmentation, drawn for each image: mirroring, shift, contrast, brightness, and faint noise."""
    count, device = len(x), x.device

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=random, device=device)

    x = torch.where(uniform(0.0, 1.0) < 0.5, x.flip(3), x)
    padded = nn.functional.pad(x, (SHIFT,) * 4, mode="replicate")
    down, right = torch.randint(2 * SHIFT + 1, (2, count, 1), generator=random, device=device)
    h, w = x.shape[2:]
    rows, cols = torch.arange(h, device=device) + down, torch.arange(w, device=device) + right
    x = padded[torch.arange(count, device=device)[:, None, None], :, rows[:, :, None], cols[:, None]].permute(0, 3, 1, 2)
    noise = 0.01 * torch.randn(x.shape, generator=random, device=device)
    return x * uniform(0.8, 1.25) + uniform(-0.1, 0.1) + noise


def fit_one(images: RealImages, config: Critic, seed: int, kinds: Sequence[str]) -> CriticNet:
    """One critic, trained by cross-entropy to distinguish these images [n, c, h, w] from unreal ones of some kinds made of them."""
    random = torch.Generator(images.device).manual_seed(seed)
    unreal = Unreal(images, random, kinds)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = CriticNet(config.width, tuple(images.shape[1:])).to(images.device)
        optimiser = torch.optim.AdamW(net.parameters(), lr=config.learning_rate, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.learning_rate, config.steps)
        labels = torch.cat([torch.ones(BATCH), torch.zeros(BATCH)]).to(images.device)
        for _ in range(config.steps):
            x = augmented(torch.cat([unreal.choice(images, BATCH), unreal.batch(BATCH)]), random)
            loss = nn.functional.binary_cross_entropy_with_logits(net(x), labels)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def fit(images: RealImages, config: Critic) -> dict[str, Tensor]:
    """The weights of all critics, each with its logits on the reference images it was not trained on.

    images: the reference images [n, c, h, w] in -1..1. FOLDS critics learn from all kinds of unreal images, critic k without the
    images i with i mod FOLDS = k. One more for each kind never sees it, nor every fourth image. Returns the tensors under the
    names "<critic>/<weight>" and "<critic>/reference" (the logits), the critics being 0, 1, ... and "without-<kind>".
    """
    place = torch.arange(len(images), device=images.device)

    def weights(seed: int, left_out: Tensor, kinds: Sequence[str]) -> dict[str, Tensor]:
        net = fit_one(images[~left_out], config, seed, kinds)
        with torch.inference_mode():
            tensors = net.state_dict() | {"reference": net(images[left_out])}
        return {name: value.detach().cpu() for name, value in tensors.items()}

    critics = {str(k): weights(k, place % FOLDS == k, KINDS) for k in range(FOLDS)}
    for k, unseen in enumerate(KINDS):
        critics[f"{WITHOUT}{unseen}"] = weights(k, place % len(KINDS) == k, [kind for kind in KINDS if kind != unseen])
    return in_one(critics)
