"""Trains several small networks of one architecture in common steps, since one alone would not use the device fully."""

from collections.abc import Callable, Iterable, Sequence
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from creativity.store.weights import in_one
from creativity.tensors import Images, RealImages, Sigma
from creativity.training.trainer import Trainer, autocast, edm_loss, ema_decay, learning_rate


class InTurn:
    """Takes the steps of several trainers one after the other: for networks that cannot be batched."""

    def __init__(self, trainers: list[Trainer]) -> None:
        self.trainers = trainers

    @property
    def steps(self) -> int:
        """Number of steps taken so far."""
        return self.trainers[0].steps

    def step(self, images: Sequence[RealImages]) -> None:
        """One Adam step of each trainer, on a random batch of its own images."""
        for trainer, own_images in zip(self.trainers, images, strict=True):
            trainer.step(own_images)

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The complete state: the tensors of all trainers, named by the trainer's index, and facts as JSON."""
        tensors, facts = zip(*(trainer.state() for trainer in self.trainers), strict=True)
        numbered = in_one({str(i): part for i, part in enumerate(tensors)})
        return numbered, {"step": self.steps, "trainers": list(facts)}

    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Restores a state."""
        for i, (trainer, trainer_facts) in enumerate(zip(self.trainers, facts["trainers"], strict=True)):
            own = {name.removeprefix(f"{i}/"): value for name, value in tensors.items() if name.startswith(f"{i}/")}
            trainer.load(own, trainer_facts)


class Together(InTurn):
    """Takes the steps of several trainers at once, whose networks are alike and differ in their seed or their images.

    The weights, EMA weights and Adam moments of all trainers are stacked along a new first axis; the tensors of a trainer become
    views of its slice, so its own methods continue to work. Up to rounding, a step (by torch.func.vmap) equals the steps of the
    trainers alone: each draws its own batches, and its gradient is clipped by its own norm. Only dropout leaves out other numbers,
    which are drawn for all trainers in one go.
    """

    def __init__(self, trainers: list[Trainer]) -> None:
        super().__init__(trainers)
        first = trainers[0]
        self.config, self.device, self.base = first.config, first.device, first.denoiser
        self.names = [name for name, _ in self.base.named_parameters()]
        self.weights = [nn.Parameter(stacked) for stacked in self.over(lambda t: t.denoiser.parameters())]
        fused = self.device.type in ("cpu", "cuda")
        self.optimiser = torch.optim.Adam(self.weights, lr=self.config.learning_rate, fused=fused)
        compiled = self.config.compile and self.device.type == "cuda"
        losses = torch.func.vmap(self.loss, randomness="different")
        self.losses: Callable[..., Tensor] = torch.compile(losses) if compiled else losses
        self.link()

    def over(self, tensors: Callable[[Trainer], Iterable[Tensor]]) -> list[Tensor]:
        """The tensors that a function returns for each trainer, stacked over the trainers: [trainers, ...] each."""
        return [
            torch.stack(per_trainer) for per_trainer in zip(*([x.detach() for x in tensors(t)] for t in self.trainers), strict=True)
        ]

    @torch.no_grad()
    def link(self) -> None:
        """Copies the current state of all trainers to stacked tensors, and makes the trainers' tensors views of these."""
        for weight, stacked in zip(self.weights, self.over(lambda t: t.denoiser.parameters()), strict=True):
            weight.copy_(stacked)
        self.averaged = self.over(lambda t: t.averaged)
        self.buffers = dict(zip(dict(self.base.named_buffers()), self.over(lambda t: t.denoiser.buffers()), strict=True))
        for weight in self.weights:
            zeros = {"exp_avg": torch.zeros_like(weight), "exp_avg_sq": torch.zeros_like(weight)}
            self.optimiser.state[weight] = {"step": torch.tensor(float(self.steps), device=self.device)} | zeros
        for i, trainer in enumerate(self.trainers):
            trainer.averaged = [stacked[i] for stacked in self.averaged]
            for p, weight in zip(trainer.denoiser.parameters(), self.weights, strict=True):
                p.data, state = weight.data[i], self.optimiser.state[weight]
                for key in ("exp_avg", "exp_avg_sq"):
                    if p in trainer.optimiser.state:
                        state[key][i] = trainer.optimiser.state[p][key]
                trainer.optimiser.state[p] = {key: value if key == "step" else value[i] for key, value in state.items()}

    def loss(self, weights: dict[str, Tensor], buffers: dict[str, Tensor], y: Images, sigma: Sigma, eps: Images) -> Tensor:
        """The mean loss of one trainer on its batch y [b, c, h, w], sigma [b], eps [b, c, h, w]."""

        def denoise(x: Images, sigma: Sigma) -> Images:
            return torch.func.functional_call(self.base, (weights, buffers), (x, sigma))

        return edm_loss(denoise, self.base.loss_weight(sigma, buffers["sigma_data"]), y, sigma, eps).mean()

    def step(self, images: Sequence[RealImages]) -> None:
        """One Adam step of all trainers, each on a random batch of its own images; no value is copied to the CPU."""
        for trainer in self.trainers:
            trainer.steps += 1
        batches = (trainer.batch(own_images) for trainer, own_images in zip(self.trainers, images, strict=True))
        batch = [torch.stack(per_trainer) for per_trainer in zip(*batches, strict=True)]
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.steps, self.config)
        named = dict(zip(self.names, self.weights, strict=True))
        dropping = self.trainers[0].dropping()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=autocast(self.config, self.device)), dropping:
            losses = self.losses(named, self.buffers, *batch)
        self.optimiser.zero_grad(set_to_none=True)
        losses.sum().backward()
        norms = self.clip()
        self.optimiser.step()
        torch._foreach_lerp_(self.averaged, list[Tensor](self.weights), 1 - ema_decay(self.steps, self.config))
        for trainer, loss, norm in zip(self.trainers, losses.detach(), norms, strict=True):
            trainer.total += torch.stack([loss, norm])

    def clip(self) -> Tensor:
        """Scales each trainer's gradient to a norm of config.clip at most, as torch does; returns the norms before: [trainers]."""
        gradients = [p.grad for p in self.weights if p.grad is not None]
        norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients]).norm(dim=0)
        scale = (self.config.clip / (norms + 1e-6)).clamp(max=1.0)
        for g in gradients:
            g.mul_(scale.reshape(-1, *[1] * (g.dim() - 1)))
        return norms

    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Restores a state."""
        super().load(tensors, facts)
        self.link()


def batchable(denoiser: nn.Module, images: RealImages) -> bool:
    """Whether networks like this one can be trained in common steps.

    That is, torch.func.vmap gives the outputs that the network gives itself; and a step of training changes no buffers, such as
    statistics of batches, and all weights are trained.
    """
    copy, x = deepcopy(denoiser), images[:2]
    sigma = torch.linspace(0.1, 1, len(x), device=x.device)
    weights: dict[str, Tensor] = dict(copy.named_parameters())
    stacked = {name: torch.stack([value.detach()] * 2) for name, value in weights.items()}
    buffers = dict(copy.named_buffers())
    before = {name: value.clone() for name, value in buffers.items()}

    def denoise(weights: dict[str, Tensor]) -> Tensor:
        return torch.func.functional_call(copy, (weights, buffers), (x, sigma))

    try:
        with torch.random.fork_rng(devices=[x.device] if x.device.type == "cuda" else []):
            alone, both = denoise(weights), torch.func.vmap(denoise, randomness="different")(stacked)
            copy.train()
            denoise(weights)
            torch.func.vmap(denoise, randomness="different")(stacked)
    except (RuntimeError, TypeError, ValueError, NotImplementedError):
        return False
    kept = all(torch.equal(value, before[name]) for name, value in buffers.items())
    alike = all(torch.allclose(one, alone, rtol=1e-3, atol=1e-4) for one in both)
    return alike and kept and all(p.requires_grad for p in weights.values())
