"""Follows each training of a network down the noise levels: does another training, with another seed, do the same there?"""

from pathlib import Path

import torch

from creativity import store
from creativity.campaign.sections import Sampling
from creativity.denoisers.precondition import sigma_data
from creativity.denoisers.saved import restore
from creativity.measures.explanation import SEEDS
from creativity.running.device import use
from creativity.running.job import Job
from creativity.sampling.trajectory import trajectory
from jobs.explain import COMPARED_ON, compare


def explain_seeds(job: Job, *, train: Path, model: list[Path], seeds: Path) -> None:
    """model: of all seeds, in the order of the settings' `seeds`. Each is compared with the next, the last with the first."""
    images, device, config = torch.from_numpy(store.units(train)), use(job), job.section(Sampling, "sampling")
    saved = [(seed, restore(job.family(), images, path)) for seed, path in zip(job.settings["seeds"], model, strict=True)]
    trained = [(seed, network.to(device)) for seed, (network, status) in saved if status != "diverged"]
    rows: list[tuple] = []
    for (seed, network), (other, second) in zip(trained, trained[1:] + trained[:1], strict=True):
        if seed != other:
            for sigma, x in trajectory(network, tuple(images.shape[1:]), config, device):
                beside = compare(network, {str(other): second}, x[:COMPARED_ON], sigma, sigma_data(images))
                rows += [(seed, other, *row[1:]) for row in beside]
    store.write(seeds, SEEDS, rows, job.stamp([train, *model]))
