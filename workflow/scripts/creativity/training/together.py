"""Several trainings of one architecture as one: small networks, of which one alone cannot fill the device."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from creativity.store.weights import in_one
from creativity.tensors import Images, RealImages, Sigma
from creativity.training.trainer import Trainer, autocast, edm_loss, ema_decay, learning_rate


class Together:
    """Trainers of equal networks that differ in their seed or their images, whose steps are taken at once.

    Their weights, averages and Adam's moments are stacked along a new first axis, and each trainer's own are views of its part, so
    that all a trainer can say of itself stays true. A step is the same as that of each alone but for rounding (torch.func.vmap):
    every trainer draws its own batches, and its gradient is clipped by its own norm.
    """

    def __init__(self, trainers: list[Trainer]) -> None:
        self.trainers, first = trainers, trainers[0]
        self.config, self.device, self.base = first.config, first.device, first.denoiser
        self.names = [name for name, _ in self.base.named_parameters()]
        self.weights = [nn.Parameter(stacked) for stacked in self.over(lambda t: t.denoiser.parameters())]
        fused = self.device.type in ("cpu", "cuda")
        self.optimiser = torch.optim.Adam(self.weights, lr=self.config.learning_rate, fused=fused)
        compiled = self.config.compile and self.device.type == "cuda"
        self.losses: Callable[..., Tensor] = torch.compile(torch.func.vmap(self.loss)) if compiled else torch.func.vmap(self.loss)
        self.link()

    @property
    def steps(self) -> int:
        return self.trainers[0].steps

    def over(self, tensors: Callable[[Trainer], Iterable[Tensor]]) -> list[Tensor]:
        """The tensors of all trainers, each stacked with its like."""
        return [torch.stack(like) for like in zip(*([x.detach() for x in tensors(t)] for t in self.trainers), strict=True)]

    @torch.no_grad()
    def link(self) -> None:
        """Takes the trainers' present state over, and makes it a view of the stacked one."""
        for mine, stacked in zip(self.weights, self.over(lambda t: t.denoiser.parameters()), strict=True):
            mine.copy_(stacked)
        self.averaged = self.over(lambda t: t.averaged)
        self.buffers = dict(zip(dict(self.base.named_buffers()), self.over(lambda t: t.denoiser.buffers()), strict=True))
        for mine in self.weights:
            zeros = {"exp_avg": torch.zeros_like(mine), "exp_avg_sq": torch.zeros_like(mine)}
            self.optimiser.state[mine] = {"step": torch.tensor(float(self.steps), device=self.device)} | zeros
        for i, trainer in enumerate(self.trainers):
            trainer.averaged = [stacked[i] for stacked in self.averaged]
            for p, mine in zip(trainer.denoiser.parameters(), self.weights, strict=True):
                p.data, state = mine.data[i], self.optimiser.state[mine]
                for key in ("exp_avg", "exp_avg_sq"):
                    if p in trainer.optimiser.state:
                        state[key][i] = trainer.optimiser.state[p][key]
                trainer.optimiser.state[p] = {key: value if key == "step" else value[i] for key, value in state.items()}

    def loss(self, weights: dict[str, Tensor], buffers: dict[str, Tensor], y: Images, sigma: Sigma, eps: Images) -> Tensor:
        """The loss of one trainer's batch."""

        def denoise(x: Images, sigma: Sigma) -> Images:
            return torch.func.functional_call(self.base, (weights, buffers), (x, sigma))

        return edm_loss(denoise, self.base.loss_weight(sigma, buffers["sigma_data"]), y, sigma, eps).mean()

    def step(self, images: Sequence[RealImages]) -> None:
        """One step of Adam of every trainer on its own images, in which nothing leaves the device."""
        for trainer in self.trainers:
            trainer.steps += 1
        batches = (trainer.batch(each) for trainer, each in zip(self.trainers, images, strict=True))
        batch = [torch.stack(like) for like in zip(*batches, strict=True)]
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(self.steps, self.config)
        named = dict(zip(self.names, self.weights, strict=True))
        with torch.autocast(self.device.type, torch.bfloat16, enabled=autocast(self.config, self.device)):
            losses = self.losses(named, self.buffers, *batch)
        self.optimiser.zero_grad(set_to_none=True)
        losses.sum().backward()
        norms = self.clip()
        self.optimiser.step()
        torch._foreach_lerp_(self.averaged, list[Tensor](self.weights), 1 - ema_decay(self.steps, self.config))
        for trainer, loss, norm in zip(self.trainers, losses.detach(), norms, strict=True):
            trainer.total += torch.stack([loss, norm])

    def clip(self) -> Tensor:
        """Scales each trainer's gradient down to the largest norm allowed, as torch does; the norms before: [trainers]."""
        gradients = [p.grad for p in self.weights if p.grad is not None]
        norms = torch.stack([g.flatten(1).norm(dim=1) for g in gradients]).norm(dim=0)
        scale = (self.config.clip / (norms + 1e-6)).clamp(max=1.0)
        for g in gradients:
            g.mul_(scale.reshape(-1, *[1] * (g.dim() - 1)))
        return norms

    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """The states of all trainers, by their number."""
        tensors, facts = zip(*(trainer.state() for trainer in self.trainers), strict=True)
        numbered = in_one({str(i): part for i, part in enumerate(tensors)})
        return numbered, {"step": self.steps, "trainers": list(facts)}

    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None:
        """Goes on from a state."""
        for i, (trainer, known) in enumerate(zip(self.trainers, facts["trainers"], strict=True)):
            own = {name.removeprefix(f"{i}/"): value for name, value in tensors.items() if name.startswith(f"{i}/")}
            trainer.load(own, known)
        self.link()
