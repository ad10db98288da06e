"""Draws samples with one denoiser, from the noise that all denoisers share."""

from pathlib import Path

import torch
from torch import nn

from creativity import store
from creativity.campaign.sections import Sampling
from creativity.denoisers import parameters, receptive_field, trained_levels
from creativity.denoisers.saved import restore
from creativity.running.device import use
from creativity.running.job import Job, log
from creativity.sampling.draw import draw, finite


def sample(job: Job, *, train: Path, samples: Path, model: Path | None = None, patches: Path | None = None) -> None:
    """model: of trained families; patches: of calibrated ones. There is no sample where the training diverged."""
    images = torch.from_numpy(store.units(train))
    denoiser, status = restore(job.family(), images, model, patches)
    config, device = job.section(Sampling, "sampling", batch_size=job.batch_size), use(job)
    facts = {"status": status, "parameters": parameters(denoiser), "receptive_field": receptive_field(denoiser)}
    tell_levels(denoiser, config)
    drawn = images[:0] if status == "diverged" else draw(denoiser.to(device), images.shape[1:], config, device)
    stamp = job.stamp([train, model, patches])
    store.write_samples(samples, drawn.numpy(), finite(drawn).numpy(), stamp, facts)


def tell_levels(denoiser: nn.Module, config: Sampling) -> None:
    """Says so where sampling passes through noise levels that a network trained elsewhere does not know."""
    lowest, highest = trained_levels(denoiser) or (config.sigma_min, config.sigma_max)
    if config.sigma_min < lowest or config.sigma_max > highest:
        asked = f"sampling.sigma_min {config.sigma_min:g} to sampling.sigma_max {config.sigma_max:g}"
        log.info(
            "%s: the network knows the noise levels %.3g to %.3g, and is told the nearest of them beyond", asked, lowest, highest
        )
