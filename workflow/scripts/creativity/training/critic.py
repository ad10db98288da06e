"""Critics of realism: small networks that learn to tell the reference from unreal images made of it."""

import math
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from creativity.campaign.sections import Critic, Sampling
from creativity.denoisers.local import LocalScore
from creativity.sampling.draw import draw
from creativity.store.weights import in_one
from creativity.tensors import Images, RealImages

FOLDS = 5
BLUR = (1 / 32, 1 / 8)  # standard deviation of the blur over the side of the image
NOISE = (0.05, 1.0)  # standard deviation of the noise over that of the pixels
PATCHES = (3, 5, 9)  # sides of the patches that the mosaics are made of
MOSAICS = 64  # of each patch
MADE_OF = 200  # images whose patches the mosaics are made of, at most
BATCH = 32  # real images in a batch, and as many unreal ones
SHIFT = 1  # pixels
DRAWN: dict[str, Any] = {"sampler": "heun", "steps": 8, "sigma_min": 0.002, "sigma_max": 80.0, "rho": 7.0, "seed": 0}  # mosaics


class CriticNet(nn.Module):
    """[b, c, h, w] -> [b]: 3 x 3 convolutions, the side halved until it is below 8, then a mean over places; large is real."""

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
    """A layer with the first weights of He et al. (2015); with torch's own, smaller ones learning begins much later."""
    layer = nn.Conv2d(incoming, outgoing, 3, padding=1)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
    return layer


class Unreal:
    """Endless unreal images of four kinds, all made of these images: Gaussian draws, blurred, noisy, and mosaics."""

    def __init__(self, images: RealImages, random: torch.Generator) -> None:
        self.images, self.random = images, random
        self.mean = images.mean(dim=0)
        sampling = Sampling(count=MOSAICS, **DRAWN)  # type: ignore[call-arg]
        drawn = [draw(LocalScore(images[:MADE_OF], p), images.shape[1:], sampling, images.device) for p in PATCHES]
        self.mosaics = torch.cat(drawn).to(images.device)

    def some(self, images: RealImages, count: int) -> Images:
        return images[torch.randint(len(images), (count,), generator=self.random, device=images.device)]

    def within(self, low: float, high: float, count: int) -> Tensor:
        """Numbers whose logarithms are uniform: [count, 1, 1, 1]."""
        share = torch.rand(count, 1, 1, 1, generator=self.random, device=self.images.device)
        return low * (high / low) ** share

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.random, device=self.images.device)

    def gaussian(self, count: int) -> Images:
        """Draws with the mean and the covariance of the images: mu + sum_i eps_i (y_i - mu) / sqrt(n)."""
        eps = self.normal(count, len(self.images)) / math.sqrt(len(self.images))
        return self.mean + torch.einsum("bn,nchw->bchw", eps, self.images - self.mean)

    def blurred(self, count: int) -> Images:
        side = self.images.shape[-1]
        place = torch.arange(side, device=self.images.device)
        width = side * self.within(*BLUR, count)[:, 0]
        rows = torch.softmax(-(place[:, None] - place).square() / (2 * width**2), dim=2)
        return torch.einsum("bij,bcjk,blk->bcil", rows, self.some(self.images, count), rows)

    def noisy(self, count: int) -> Images:
        level = self.images.std() * self.within(*NOISE, count)
        return self.some(self.images, count) + level * self.normal(count, *self.images.shape[1:])

    def batch(self, count: int) -> Images:
        quarter = count // 4
        kinds = (self.gaussian(quarter), self.blurred(quarter), self.noisy(quarter), self.some(self.mosaics, quarter))
        return torch.cat(kinds)


def augmented(x: Images, random: torch.Generator) -> Images:
    """The images flipped, shifted, with other contrast and brightness, and with faint noise, each at random."""
    count, device = len(x), x.device

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, 1, generator=random, device=device)

    x = torch.where(uniform(0.0, 1.0) < 0.5, x.flip(3), x)
    wide = nn.functional.pad(x, (SHIFT,) * 4, mode="replicate")
    down, right = torch.randint(2 * SHIFT + 1, (2, count, 1), generator=random, device=device)
    h, w = x.shape[2:]
    rows, cols = torch.arange(h, device=device) + down, torch.arange(w, device=device) + right
    x = wide[torch.arange(count, device=device)[:, None, None], :, rows[:, :, None], cols[:, None]].permute(0, 3, 1, 2)
    noise = 0.01 * torch.randn(x.shape, generator=random, device=device)
    return x * uniform(0.8, 1.25) + uniform(-0.1, 0.1) + noise


def fit_one(images: RealImages, config: Critic, seed: int) -> CriticNet:
    """A critic of these images against unreal ones made of them, by the cross-entropy."""
    random = torch.Generator(images.device).manual_seed(seed)
    unreal = Unreal(images, random)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = CriticNet(config.width, tuple(images.shape[1:])).to(images.device)
        optimiser = torch.optim.AdamW(net.parameters(), lr=config.learning_rate, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.learning_rate, config.steps)
        truth = torch.cat([torch.ones(BATCH), torch.zeros(BATCH)]).to(images.device)
        for _ in range(config.steps):
            x = augmented(torch.cat([unreal.some(images, BATCH), unreal.batch(BATCH)]), random)
            loss = nn.functional.binary_cross_entropy_with_logits(net(x), truth)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
    return net.eval()


def fit(images: RealImages, config: Critic) -> dict[str, Tensor]:
    """The weights of FOLDS critics, each with its scores of the reference images that it has not seen, as `in_one` names them.

    images: the reference [n, c, h, w] in -1..1. Image i is kept from critic i mod FOLDS.
    """
    fold = torch.arange(len(images), device=images.device) % FOLDS
    found = {}
    for k in range(FOLDS):
        net = fit_one(images[fold != k], config, seed=k)
        with torch.inference_mode():
            scores = net(images[fold == k])
        weights = net.state_dict() | {"reference": scores}
        found[str(k)] = {name: value.detach().cpu() for name, value in weights.items()}
    return in_one(found)
