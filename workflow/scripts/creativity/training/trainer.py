"""Training of denoisers: EDM's loss, Adam, averaged weights; no data loader, and no waiting for the device inside a step."""

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from creativity import store
from creativity.campaign.sections import Training
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
    """A denoiser under training, on its own device, with all that changes from step to step and what it has left so far."""

    def __init__(self, denoiser: Preconditioned, config: Training, seed: int) -> None:
        self.denoiser, self.config, self.steps = denoiser, config, 0
        self.device = denoiser.sigma_data.device
        self.every = max(1, config.steps // LOG_ROWS)
        self.marks = {max(1, round(share * config.steps)) for share in config.checkpoints}  # the last step is one
        self.result, self.started = Fit("trained", [], [], {}), time.perf_counter()
        self.total = torch.zeros(2, device=self.device)  # loss and gradient norm, summed since the last row of the history
        self.random = torch.Generator(self.device).manual_seed(seed + 1)
        fused = self.device.type in ("cpu", "cuda")
        self.optimiser = torch.optim.Adam(denoiser.parameters(), lr=config.learning_rate, fused=fused)
        self.averaged = [p.detach().clone() for p in denoiser.parameters()]
        compiled = config.compile and self.device.type == "cuda"
        self.loss: Callable[..., Tensor] = torch.compile(edm_loss) if compiled else edm_loss

    def step(self, images: RealImages) -> None:
        """One step of Adam on a random batch, in which nothing leaves the device."""
        self.steps += 1
        y, sigma, eps = self.batch(images)
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.steps, self.config)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=autocast(self.config, self.device)):
            loss = self.loss(self.denoiser, self.denoiser.loss_weight(sigma), y, sigma, eps).mean()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(self.denoiser.parameters(), self.config.clip)
        self.optimiser.step()
        torch._foreach_lerp_(self.averaged, list(self.denoiser.parameters()), 1 - ema_decay(self.steps, self.config))
        self.total += torch.stack([loss.detach(), norm])

    def batch(self, images: RealImages) -> tuple[Images, Sigma, Images]:
        size, config = self.config.batch_size, self.config
        y = images[torch.randint(len(images), (size,), generator=self.random, device=self.device)]
        ln_sigma = config.p_mean + config.p_std * torch.randn(size, generator=self.random, device=self.device)
        return y, ln_sigma.exp(), torch.randn(y.shape, generator=self.random, device=self.device)

    def weights(self) -> dict[str, Tensor]:
        """The averaged weights and the buffers, by name, on the CPU."""
        return copies(self.named_averages() | dict(self.denoiser.named_buffers()))

    def named_averages(self) -> dict[str, Tensor]:
        names = [name for name, _ in self.denoiser.named_parameters()]
        return dict(zip(names, self.averaged, strict=True))

    def row(self) -> Row:
        """The next row of the history; waits for the device."""
        before = self.result.history[-1].step if self.result.history else 0
        loss, norm = (self.total / (self.steps - before)).tolist()
        self.total.zero_()
        seen, rate = self.steps * self.config.batch_size, learning_rate(self.steps, self.config)
        self.result.history.append(Row(self.steps, seen, time.perf_counter() - self.started, loss, rate, norm))
        return self.result.history[-1]

    def after_step(self, images: RealImages, heldout: RealImages) -> Row | None:
        """What a step calls for: the row of the history that is due, which is returned, and at a checkpoint weights and losses.

        A loss that is not finite ends the training: its status is then "diverged", and nothing is recorded any more.
        """
        if self.diverged or not (self.steps % self.every == 0 or self.steps in self.marks):
            return None
        row = self.row()
        if not math.isfinite(row.loss):
            self.result = self.result._replace(status="diverged")
        if row.step in self.marks or self.diverged:
            self.result.checkpoints[row.step] = self.weights()
        if row.step in self.marks and not self.diverged:
            for split, side in (("train", images), ("heldout", heldout)):
                self.result.losses.extend(losses_by_sigma(self, split, side))
        return row

    @property
    def diverged(self) -> bool:
        return self.result.status == "diverged"

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """All that a new Trainer of the same denoiser, settings and seed must `load` to end with the same bytes: tensors, facts."""
        parts = {"denoiser": self.denoiser.state_dict(), "averaged": self.named_averages()}
        parts |= {f"optimiser/{index}": values for index, values in self.optimiser.state_dict()["state"].items()}
        parts |= {f"checkpoints/{step}": weights for step, weights in self.result.checkpoints.items()}
        parts["trainer"] = {"random": self.random.get_state(), "total": self.total}
        facts = {"step": self.steps, "seconds": time.perf_counter() - self.started, "status": self.result.status}
        return copies(in_one(parts)), facts | {"history": self.result.history, "losses": self.result.losses}

    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Goes on from a state. `seconds` counts on from there too, without the time between."""
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
        checkpoints = {int(part.removeprefix("checkpoints/")): parts[part] for part in parts if part.startswith("checkpoints/")}
        history, losses = [Row(*row) for row in facts["history"]], [Loss(*x) for x in facts["losses"]]
        self.result = Fit(facts["status"], history, losses, checkpoints)


def copies(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Copies on the CPU."""
    return {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}


def edm_loss(denoise: Denoiser, weight: Sigma, y: Images, sigma: Sigma, eps: Images) -> Tensor:
    """weight |D(y + sigma eps, sigma) - y|^2, the mean over the pixels of each image: [b] (Karras et al. 2022, eq. 2)."""
    denoised = denoise(y + sigma[:, None, None, None] * eps, sigma)
    return weight * (denoised - y).square().flatten(1).mean(dim=1)


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
    """The averaged weights' loss in BINS equal steps of ln sigma across p_mean +- 3 p_std, on noise that is always the same.

    It is weighted as Karras et al. (2022) do, for denoisers without a skip path too, so that all can be compared.
    """
    config, device = trainer.config, trainer.device
    random = torch.Generator().manual_seed(0)
    edges = torch.linspace(config.p_mean - 3 * config.p_std, config.p_mean + 3 * config.p_std, BINS + 1, dtype=torch.float64).exp()
    places = torch.arange(LOSS_DRAWS) % len(images)
    eps = torch.randn(LOSS_DRAWS, *images.shape[1:], generator=random).to(device)
    share = ((torch.arange(LOSS_DRAWS) + 0.5) / LOSS_DRAWS)[torch.randperm(LOSS_DRAWS, generator=random)].to(device)
    named = trainer.named_averages()

    def averaged(x: Images, sigma: Sigma) -> Images:
        return torch.func.functional_call(trainer.denoiser, named, (x, sigma))

    found = []
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        sigma = low * (high / low) ** share
        weight = loss_weight(sigma, trainer.denoiser.sigma_data)
        batches = zip(*(whole.split(32) for whole in (weight, images[places.to(device)], sigma, eps)), strict=True)
        errors = torch.cat([edm_loss(averaged, *batch) for batch in batches])
        found.append(Loss(trainer.steps, split, low, high, float(errors.mean())))
    return found
