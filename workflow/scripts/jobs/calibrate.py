"""Finds the patch at each noise level with which a local denoiser in closed form is nearest to a trained network."""

from pathlib import Path
from typing import cast

import torch

from creativity import store
from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.denoisers.calibrated import PATCHES
from creativity.denoisers.state import load_state
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.running.device import use
from creativity.running.job import Job
from creativity.sampling.calibration import calibrate as compare_patches
from creativity.store.weights import read_facts


def calibrate(job: Job, *, model: Path, train: Path, patches: Path) -> None:
    """model: the network's weights; where its training diverged no patch is found."""
    images, device = torch.from_numpy(store.units(train)), use(job)
    rows = []
    if read_facts(model)["status"] != "diverged":
        network = build(job.family("network"), images)
        network.load_state_dict(load_state(model))
        family = cast(Local | EquivariantLocal, job.family())
        rows = compare_patches(network.to(device), family, images, job.section(Sampling, "sampling"), device)
    store.write(patches, PATCHES, rows, job.stamp([train, model]))
