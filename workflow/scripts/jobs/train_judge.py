"""Trains the networks of the judge of realism on the reference."""

from pathlib import Path

import torch

from creativity import store
from creativity.campaign.sections import Judge
from creativity.denoisers.state import save_state
from creativity.running.device import use
from creativity.running.job import Job
from creativity.store.weights import in_one
from creativity.training.judge import fit, folds_of
from creativity.training.resume import Keeper


def train_judge(job: Job, *, reference: Path, judge: Path) -> None:
    """Raises UserError where a signal interrupts the training: the same command goes on from there."""
    config, device, stamp = job.section(Judge, "judge"), use(job), job.stamp([reference])
    images = torch.from_numpy(store.units(reference)).to(device)
    labels = store.read(reference)["label"].to_pylist() if job.settings["by_group"] else [None] * len(images)

    def keeper(fold: int) -> Keeper:
        path = judge.with_name(f"judge{fold}.{store.STATE}")
        return Keeper(path, store.digest(content=stamp.content_hash, device=device.type, fold=fold))

    networks = fit(images, folds_of(labels, config.folds), config, job.settings["mirrored"], keeper)
    save_state(judge, in_one({str(i): weights for i, weights in enumerate(networks)}), stamp._asdict())
