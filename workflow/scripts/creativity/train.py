"""Training of denoisers: EDM's loss, Adam, averaged weights; no data loader, and no waiting for the device inside a step."""

import math
import time
from collections.abc import Callable, Iterator
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from creativity import store
from creativity.config import Training
from creativity.precondition import Preconditioned, loss_weight
from creativity.tensors import Denoiser, Images, RealImages, Sigma
from creativity.types import Values

HISTORY = {
    "step": store.LONG,
    "images_seen": store.LONG,
    "seconds": store.REAL,
    "loss": store.REAL,
    "learning_rate": store.REAL,
    "grad_norm": store.REAL,
}
LOSSES = {"step": store.LONG, "split": store.TEXT, "sigma_low": store.REAL, "sigma_high": store.REAL, "loss": store.REAL}
LOG_ROWS = 100  # rows of the history
BINS = 10  # noise levels at which losses are measured
LOSS_DRAWS = 128  # noisy images a bin and split


class Row(NamedTuple):
    """One row of the history; loss and grad_norm are means over the steps since the row before."""

    step: int
    images_seen: int
    seconds: float
    loss: float
    learning_rate: float
    grad_norm: float


class Loss(NamedTuple):
    """The weighted loss of the averaged weights between two noise levels."""

    step: int
    split: str
    sigma_low: float
    sigma_high: float
    loss: float


class Fit(NamedTuple):
    """What a training leaves. status: "trained", or "diverged" once the loss was not finite."""

    status: str
    history: list[Row]
    losses: list[Loss]
    checkpoints: dict[int, dict[str, Tensor]]  # step -> averaged weights


class Trainer:
    """A denoiser under training with all that changes from step to step, on the denoiser's device."""

    def __init__(self, denoiser: Preconditioned, config: Training, seed: int) -> None:
        self.denoiser, self.config, self.steps = denoiser, config, 0
        self.device = denoiser.sigma_data.device
        self.random = torch.Generator(self.device).manual_seed(seed + 1)
        fused = self.device.type in ("cpu", "cuda")
        self.optimiser = torch.optim.Adam(denoiser.parameters(), lr=config.learning_rate, fused=fused)
        self.averaged = [p.detach().clone() for p in denoiser.parameters()]
        compiled = config.compile and self.device.type == "cuda"
        self.loss: Callable[..., Tensor] = torch.compile(edm_loss) if compiled else edm_loss

    def step(self, images: RealImages) -> Tensor:
        """One step of Adam on a random batch: [loss, gradient norm], left on the device."""
        self.steps += 1
        y, sigma, eps = self.batch(images)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.steps, self.config)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=autocast(self.config, self.device)):
            loss = self.loss(self.denoiser, self.denoiser.sigma_data, y, sigma, eps).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.denoiser.parameters(), self.config.clip)
        self.optimiser.step()
        torch._foreach_lerp_(self.averaged, list(self.denoiser.parameters()), 1 - ema_decay(self.steps, self.config))
        return torch.stack([loss.detach(), norm])

    def batch(self, images: RealImages) -> tuple[Images, Sigma, Images]:
        size, config = self.config.batch_size, self.config
        y = images[torch.randint(len(images), (size,), generator=self.random, device=self.device)]
        ln_sigma = config.p_mean + config.p_std * torch.randn(size, generator=self.random, device=self.device)
        return y, ln_sigma.exp(), torch.randn(y.shape, generator=self.random, device=self.device)

    def weights(self) -> dict[str, Tensor]:
        """The averaged weights and the buffers, by name, on the CPU."""
        names = [name for name, _ in self.denoiser.named_parameters()]
        averaged = dict(zip(names, self.averaged, strict=True)) | dict(self.denoiser.named_buffers())
        return {name: value.detach().cpu().clone().contiguous() for name, value in averaged.items()}


def fit(
    denoiser: Preconditioned,
    images: RealImages,
    heldout: RealImages,
    config: Training,
    seed: int,
    progress: Callable[[Row], None] = lambda row: None,
) -> Fit:
    """Trains a denoiser and returns its averaged weights at each checkpoint, with the history and the losses.

    The loss of a pixel is lambda(sigma) |D(y + sigma eps, sigma) - y|^2 with ln sigma ~ N(p_mean, p_std^2) (Karras et al. 2022).
    images, heldout: [n, c, h, w] in -1..1. Progress is told each row of the history. A loss that is not finite ends it.
    """
    trainer = Trainer(denoiser, config, seed)
    images, heldout = images.to(trainer.device), heldout.to(trainer.device)
    marks = {max(1, round(share * config.steps)) for share in config.checkpoints}
    result = Fit("trained", [], [], {})
    for row in rows(trainer, images, marks):
        result.history.append(row)
        progress(row)
        if not math.isfinite(row.loss):
            result.checkpoints[row.step] = trainer.weights()
            return result._replace(status="diverged")
        if row.step in marks:
            result.checkpoints[row.step] = trainer.weights()
            for split, side in (("train", images), ("heldout", heldout)):
                result.losses.extend(losses_by_sigma(trainer, split, side))
    return result


def rows(trainer: Trainer, images: RealImages, marks: set[int]) -> Iterator[Row]:
    """Trains on, and waits for the device only where a row of the history is due."""
    config, started, last = trainer.config, time.perf_counter(), 0
    every = max(1, config.steps // LOG_ROWS)
    total = torch.zeros(2, device=trainer.device)
    while trainer.steps < config.steps:
        total += trainer.step(images)
        step = trainer.steps
        if step % every == 0 or step in marks or step == config.steps:
            loss, norm = (total / (step - last)).tolist()
            yield Row(step, step * config.batch_size, time.perf_counter() - started, loss, learning_rate(step, config), norm)
            last, total = step, torch.zeros_like(total)


def edm_loss(denoise: Denoiser, sigma_data: Tensor, y: Images, sigma: Sigma, eps: Images) -> Tensor:
    """lambda(sigma) |D(y + sigma eps, sigma) - y|^2, the mean over the pixels of each image: [b] (Karras et al. 2022, eq. 2)."""
    denoised = denoise(y + sigma[:, None, None, None] * eps, sigma)
    return loss_weight(sigma, sigma_data) * (denoised - y).square().flatten(1).mean(dim=1)


def learning_rate(step: int, config: Training) -> float:
    """Rises linearly over the warm-up, then falls to 0 as half a cosine."""
    warmup = round(config.warmup * config.steps)
    if step <= warmup:
        return config.learning_rate * step / warmup
    return config.learning_rate * (1 + math.cos(math.pi * (step - warmup) / (config.steps - warmup))) / 2


def ema_decay(step: int, config: Training) -> float:
    """Decay of the averaged weights, min(ema, step / (step + 10)): an average of a short run is not mostly its first weights."""
    return min(config.ema, step / (step + 10))


def autocast(config: Training, device: torch.device) -> bool:
    """Whether bfloat16 is used where it is safe: as asked, and by itself on a GPU that has it."""
    able = device.type == "cuda" and torch.cuda.is_bf16_supported()
    return config.precision == "bfloat16" or (config.precision == "auto" and able)


@torch.inference_mode()
def losses_by_sigma(trainer: Trainer, split: str, images: RealImages) -> list[Loss]:
    """The averaged weights' loss in BINS equal steps of ln sigma across p_mean +- 3 p_std, on noise that is always the same."""
    config, device = trainer.config, trainer.device
    random = torch.Generator().manual_seed(0)
    edges = torch.linspace(config.p_mean - 3 * config.p_std, config.p_mean + 3 * config.p_std, BINS + 1, dtype=torch.float64).exp()
    places = torch.arange(LOSS_DRAWS) % len(images)
    eps = torch.randn(LOSS_DRAWS, *images.shape[1:], generator=random).to(device)
    share = ((torch.arange(LOSS_DRAWS) + 0.5) / LOSS_DRAWS)[torch.randperm(LOSS_DRAWS, generator=random)].to(device)
    named = dict(zip([name for name, _ in trainer.denoiser.named_parameters()], trainer.averaged, strict=True))

    def averaged(x: Images, sigma: Sigma) -> Images:
        return torch.func.functional_call(trainer.denoiser, named, (x, sigma))

    found = []
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        batches = zip(images[places.to(device)].split(32), (low * (high / low) ** share).split(32), eps.split(32), strict=True)
        errors = torch.cat([edm_loss(averaged, trainer.denoiser.sigma_data, *batch) for batch in batches])
        found.append(Loss(trainer.steps, split, low, high, float(errors.mean())))
    return found


def expected_loss(low: Values, high: Values, loss: Values, config: Training) -> float:
    """The mean over training's ln sigma ~ N(p_mean, p_std^2) of a loss known in bins of sigma, which leave out the tails."""
    below = [NormalDist(config.p_mean, config.p_std).cdf(math.log(edge)) for edge in (*low, high[-1])]
    weight = np.diff(below)
    return float((weight * loss).sum() / weight.sum())
