"""Follows one denoiser down the noise levels: which closed form does the same there, and how far each pixel sees."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from creativity import store
from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.denoisers.precondition import scalings, sigma_data
from creativity.denoisers.saved import restore
from creativity.families.base import Family
from creativity.measures import receptive_field as measured_field
from creativity.measures.explanation import EXPLAINED
from creativity.measures.explanation import explain as rows_beside
from creativity.running.device import use
from creativity.running.job import Job, log
from creativity.sampling.trajectory import jacobian_energy, trajectory
from creativity.tensors import Images
from creativity.types import Vectors

COMPARED_ON = 16  # noises on which other denoisers are asked
LOOKED_AT = 8  # noises whose Jacobian is taken
PAIRS_OF_PATCHES = 2**24


def explain(
    job: Job, *, train: Path, explained: Path, receptive_field: Path, model: Path | None = None, patches: Path | None = None
) -> None:
    """model: of trained families; patches: of calibrated ones."""
    images, device = torch.from_numpy(store.units(train)), use(job)
    denoiser, status = restore(job.family(), images, model, patches)
    others = {name: build(family, images).to(device) for name, family in job.closed_forms().items()}
    seen_through = differentiable(job.family(), images) and passes_gradients(denoiser, images)
    beside: list[tuple] = []
    seen: list[tuple] = []
    if status != "diverged":
        beside, seen = follow(denoiser.to(device), others, images, job.section(Sampling, "sampling"), device, seen_through)
    stamp = job.stamp([train, model, patches])
    store.write(explained, EXPLAINED, beside, stamp)
    store.write(receptive_field, measured_field.RECEPTIVE_FIELD, seen, stamp)


def follow(
    denoiser: nn.Module,
    others: Mapping[str, nn.Module],
    images: Images,
    config: Sampling,
    device: torch.device,
    seen_through: bool,
) -> tuple[list[tuple], list[tuple]]:
    """Rows of both tables at every noise level: what the others do there, and how far the centre pixel sees."""
    beside: list[tuple] = []
    seen: list[tuple] = []
    spread = sigma_data(images)
    for sigma, x in trajectory(denoiser, tuple(images.shape[1:]), config, device):
        if others:
            beside += compare(denoiser, others, x[:COMPARED_ON], sigma, spread)
        if seen_through:
            seen += measured_field.rows(jacobian_energy(denoiser, x[:LOOKED_AT], sigma), sigma)
    return beside, seen


@torch.no_grad()
def compare(denoiser: nn.Module, others: Mapping[str, nn.Module], x: Images, sigma: float, spread: float) -> list[tuple]:
    """What the others make of the same x."""
    c_skip, c_out, _, _ = scalings(torch.tensor([sigma], dtype=torch.float64), spread)
    at = x.new_full((len(x),), sigma)
    denoised = {name: flat(other(x, at)) for name, other in others.items()}
    return rows_beside(flat(denoiser(x, at)), denoised, flat(x), sigma, float(c_skip), float(c_out))


def flat(images: Images) -> Vectors:
    return images.detach().cpu().flatten(1).double().numpy()


def differentiable(family: Family, images: Images) -> bool:
    """Whether memory holds what a gradient goes through: of the equivariant local score all pairs of patches."""
    number, _, height, width = images.shape
    return family.family != "equivariant-local" or number * (height * width) ** 2 <= PAIRS_OF_PATCHES


def passes_gradients(denoiser: nn.Module, images: Images) -> bool:
    """Whether what a denoiser gives has a gradient, which a user's network may cut off."""
    x = images[:1].clone().requires_grad_()
    passes = denoiser(x, x.new_ones(1)).requires_grad
    if not passes:
        log.info("no receptive field is measured, since the output has no gradient")
    return passes
