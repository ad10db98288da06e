"""Trains a denoiser with EDM's loss (Karras et al. 2022), Adam, and an exponential moving average (EMA) of the weights.

All images lie on the device, so there is no data loader, and a step does not wait for the device.
"""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from creativity import store
from creativity.campaign.sections import Training
from creativity.denoisers.dropout import trains_otherwise
from creativity.denoisers.precondition import Preconditioned, loss_weight
from creativity.store.weights import by_part, in_one
from creativity.tensors import Denoiser, Images, RealImages, Sigma

HISTORY = {
    "step": store.LONG,
    "images_seen": store.LONG,
    "seconds": store.REAL,
    "loss": store.REAL,
    "learning_rate": store.REAL,
    "grad_norm": store.REAL,
}
LOSSES = {"step": store.LONG, "split": store.TEXT, "sigma_low": store.REAL, "sigma_high": store.REAL, "loss": store.REAL}
LOG_ROWS = 100  # number of rows of the history
BINS = 10  # intervals of the noise level in which losses are measured
LOSS_DRAWS = 128  # noisy images in each bin, for training and for held-out images


class Row(NamedTuple):
    """One row of the training history; loss and grad_norm are means over the steps since the previous row."""

    step: int
    images_seen: int
    seconds: float
    loss: float
    learning_rate: float
    grad_norm: float


class Loss(NamedTuple):
    """The weighted loss of the EMA weights on noise levels from sigma_low to sigma_high. split: "train" or "heldout"."""

    step: int
    split: str
    sigma_low: float
    sigma_high: float
    loss: float


class Fit(NamedTuple):
    """The results of a training. status: "trained", or "diverged" where the loss was not finite."""

    status: str
    history: list[Row]
    losses: list[Loss]
    checkpoints: dict[int, dict[str, Tensor]]  # step -> EMA weights


class Trainer:
    """The state and the results so far of the training of one denoiser, on the device of the denoiser."""

    def __init__(self, denoiser: Preconditioned, config: Training, seed: int) -> None:
        self.denoiser, self.config, self.steps = denoiser, config, 0
        self.device = denoiser.sigma_data.device
        self.log_interval = max(1, config.steps // LOG_ROWS)
        self.checkpoint_steps = set(config.checkpoint_steps)  # the last step is one
        self.result, self.started = Fit("trained", [], [], {}), time.perf_counter()
        self.total = torch.zeros(2, device=self.device)  # loss and gradient norm, summed since the last row of the history
        self.random, self.seed = torch.Generator(self.device).manual_seed(seed + 1), seed
        fused = self.device.type in ("cpu", "cuda")
        self.optimiser = torch.optim.Adam(denoiser.parameters(), lr=config.learning_rate, fused=fused)
        self.averaged = [p.detach().clone() for p in denoiser.parameters()]
        compiled = config.compile and self.device.type == "cuda"
        self.loss: Callable[..., Tensor] = torch.compile(edm_loss) if compiled else edm_loss

    def step(self, images: RealImages) -> None:
        """One Adam step on a random batch of the images [n, c, h, w]; no value is copied to the CPU."""
        self.steps += 1
        y, sigma, eps = self.batch(images)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.steps, self.config)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=autocast(self.config, self.device)), self.dropping():
            loss = self.loss(self.denoiser, self.denoiser.loss_weight(sigma), y, sigma, eps).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.denoiser.parameters(), self.config.clip)
        self.optimiser.step()
        torch._foreach_lerp_(self.averaged, list(self.denoiser.parameters()), 1 - ema_decay(self.steps, self.config))
        self.total += torch.stack([loss.detach(), norm])

    def batch(self, images: RealImages) -> tuple[Images, Sigma, Images]:
        """Random clean images y, noise levels with ln sigma ~ N(p_mean, p_std^2), and unit noise eps."""
        size, config = self.config.batch_size, self.config
        y = images[torch.randint(len(images), (size,), generator=self.random, device=self.device)]
        if config.flip:
            mirrored = torch.rand(size, generator=self.random, device=self.device) < 0.5
            y = torch.where(mirrored[:, None, None, None], y.flip(3), y)
        ln_sigma = config.p_mean + config.p_std * torch.randn(size, generator=self.random, device=self.device)
        return y, ln_sigma.exp(), torch.randn(y.shape, generator=self.random, device=self.device)

    @contextmanager
    def dropping(self) -> Iterator[None]:
        """Switches to training mode, with dropout. What is drawn is a function of seed and step, as resumed trainings need."""
        if not trains_otherwise(self.denoiser):
            yield
            return
        with torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else []):
            torch.manual_seed((self.seed + 1) * 2**32 + self.steps)
            self.denoiser.train()
            yield
            self.denoiser.eval()

    def weights(self) -> dict[str, Tensor]:
        """Copies of the state dict on the CPU, with the EMA weights in place of the weights."""
        averages = dict(zip(map(id, self.denoiser.parameters()), self.averaged, strict=True))
        state = self.denoiser.state_dict(keep_vars=True)
        return copies({name: averages.get(id(value), value) for name, value in state.items()})

    def named_averages(self) -> dict[str, Tensor]:
        """The EMA weights by name."""
        names = [name for name, _ in self.denoiser.named_parameters()]
        return dict(zip(names, self.averaged, strict=True))

    def row(self) -> Row:
        """Appends a row to the history and returns it; waits for the device."""
        previous = self.result.history[-1].step if self.result.history else 0
        loss, norm = (self.total / (self.steps - previous)).tolist()
        self.total.zero_()
        images_seen, rate = self.steps * self.config.batch_size, learning_rate(self.steps, self.config)
        self.result.history.append(Row(self.steps, images_seen, time.perf_counter() - self.started, loss, rate, norm))
        return self.result.history[-1]

    def after_step(self, images: RealImages, heldout: RealImages) -> Row | None:
        """Records what is due after a step: a row of the history, which is returned, and at a checkpoint weights and losses.

        Where the loss is not finite the status becomes "diverged", and nothing is recorded afterwards.
        """
        if self.diverged or not (self.steps % self.log_interval == 0 or self.steps in self.checkpoint_steps):
            return None
        row = self.row()
        if not math.isfinite(row.loss):
            self.result = self.result._replace(status="diverged")
        if row.step in self.checkpoint_steps or self.diverged:
            self.result.checkpoints[row.step] = self.weights()
        if row.step in self.checkpoint_steps and not self.diverged:
            for split, split_images in (("train", images), ("heldout", heldout)):
                self.result.losses.extend(losses_by_sigma(self, split, split_images))
        return row

    @property
    def diverged(self) -> bool:
        """Whether a loss was not finite."""
        return self.result.status == "diverged"

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The complete state, as tensors and as facts in JSON.

        A new Trainer with the same denoiser, settings and seed that loads it ends with the same results to the byte.
        """
        parts = {"denoiser": self.denoiser.state_dict(), "averaged": self.named_averages()}
        parts |= {f"optimiser/{index}": values for index, values in self.optimiser.state_dict()["state"].items()}
        parts |= {f"checkpoints/{step}": weights for step, weights in self.result.checkpoints.items()}
        parts["trainer"] = {"random": self.random.get_state(), "total": self.total}
        facts = {"step": self.steps, "seconds": time.perf_counter() - self.started, "status": self.result.status}
        return copies(in_one(parts)), facts | {"history": self.result.history, "losses": self.result.losses}

    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Restores a state. The training time counts on from the saved one, without the time in between."""
        parts = by_part(tensors)
        self.denoiser.load_state_dict(parts["denoiser"])
        for name, average in self.named_averages().items():
            average.copy_(parts["averaged"][name])
        moments: dict[int, dict[str, Tensor]] = {}
        for index, p in enumerate(self.denoiser.parameters()):
            for key, value in parts.get(f"optimiser/{index}", {}).items():  # Adam wants the strides of the weights
                moments.setdefault(index, {})[key] = torch.empty_like(p).copy_(value) if value.shape == p.shape else value
        self.optimiser.load_state_dict(self.optimiser.state_dict() | {"state": moments})
        self.random.set_state(parts["trainer"]["random"])
        self.total.copy_(parts["trainer"]["total"])
        self.steps, self.started = facts["step"], time.perf_counter() - facts["seconds"]
        saved = sorted(int(part.removeprefix("checkpoints/")) for part in parts if part.startswith("checkpoints/"))
        checkpoints = {step: parts[f"checkpoints/{step}"] for step in saved}
        history, losses = [Row(*row) for row in facts["history"]], [Loss(*row) for row in facts["losses"]]
        self.result = Fit(facts["status"], history, losses, checkpoints)


def copies(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Copies on the CPU, which later steps do not change."""
    return {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}


def edm_loss(denoise: Denoiser, weight: Sigma, y: Images, sigma: Sigma, eps: Images) -> Tensor:
    """weight |D(y + sigma eps, sigma) - y|^2, averaged over the pixels of each image: [b] (Karras et al. 2022, eq. 2)."""
    denoised = denoise(y + sigma[:, None, None, None] * eps, sigma)
    return weight * (denoised - y).square().flatten(1).mean(dim=1)


def learning_rate(step: int, config: Training) -> float:
    """The learning rate at a step, counted from 1: a linear warm-up, then a half cosine down to 0 at the last step.

    >>> config = Training(steps=100, learning_rate=1.0, warmup=0.2)
    >>> [round(learning_rate(step, config), 4) for step in (10, 20, 60, 100)]
    [0.5, 1.0, 0.5, 0.0]
    """
    warmup = round(config.warmup * config.steps)
    if step <= warmup:
        return config.learning_rate * step / warmup
    return config.learning_rate * (1 + math.cos(math.pi * (step - warmup) / (config.steps - warmup))) / 2


def ema_decay(step: int, config: Training) -> float:
    """The EMA decay at a step, min(ema, step / (step + 10)).

    It is small in the first steps, so that the average of a short training does not mostly consist of its initial weights.

    >>> config = Training(ema=0.995)
    >>> ema_decay(10, config), ema_decay(10_000, config)
    (0.5, 0.995)
    """
    return min(config.ema, step / (step + 10))


def autocast(config: Training, device: torch.device) -> bool:
    """Whether bfloat16 autocast is used: with precision bfloat16, and with auto on a GPU that supports it."""
    able = device.type == "cuda" and torch.cuda.is_bf16_supported()
    return config.precision == "bfloat16" or (config.precision == "auto" and able)


@torch.inference_mode()
def losses_by_sigma(trainer: Trainer, split: str, images: RealImages) -> list[Loss]:
    """The loss of the EMA weights on images [n, c, h, w] in BINS equal intervals of ln sigma over p_mean +- 3 p_std.

    The noise is the same in all calls. The weight is that of Karras et al. (2022), for denoisers without a skip connection too, so
    that the losses of all denoisers can be compared.
    """
    config, device = trainer.config, trainer.device
    random = torch.Generator().manual_seed(0)
    edges = torch.linspace(config.p_mean - 3 * config.p_std, config.p_mean + 3 * config.p_std, BINS + 1, dtype=torch.float64).exp()
    indices = torch.arange(LOSS_DRAWS) % len(images)
    eps = torch.randn(LOSS_DRAWS, *images.shape[1:], generator=random).to(device)
    quantiles = ((torch.arange(LOSS_DRAWS) + 0.5) / LOSS_DRAWS)[torch.randperm(LOSS_DRAWS, generator=random)].to(device)
    ema_weights = trainer.named_averages()

    def denoise(x: Images, sigma: Sigma) -> Images:
        return torch.func.functional_call(trainer.denoiser, ema_weights, (x, sigma))

    losses = []
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        sigma = low * (high / low) ** quantiles
        weight = loss_weight(sigma, trainer.denoiser.sigma_data)
        batches = zip(*(tensor.split(32) for tensor in (weight, images[indices.to(device)], sigma, eps)), strict=True)
        errors = torch.cat([edm_loss(denoise, *batch) for batch in batches])
        losses.append(Loss(trainer.steps, split, low, high, float(errors.mean())))
    return losses
