"""Trains the critics of a campaign, which judge whether images are real."""

from pathlib import Path

import torch

from creativity import store
from creativity.campaign.sections import Critic
from creativity.denoisers.state import save_state
from creativity.running.device import use
from creativity.running.job import Job
from creativity.training.critic import fit


def critic(job: Job, *, reference: Path, critic: Path) -> None:
    images = torch.from_numpy(store.units(reference)).to(use(job))
    weights = fit(images, job.section(Critic, "critic"))
    save_state(critic, weights, job.stamp([reference])._asdict())
