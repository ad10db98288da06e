"""Trains a denoiser on several subsets with several seeds at once."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import torch

from creativity import store
from creativity.campaign.sections import Training
from creativity.denoisers import build, channels_last
from creativity.denoisers.precondition import Preconditioned
from creativity.denoisers.state import save_state
from creativity.families import options
from creativity.running.device import use
from creativity.running.job import Job, log
from creativity.store.weights import in_one
from creativity.training.fit import fit_together
from creativity.training.resume import Keeper
from creativity.training.trainer import HISTORY, LOSSES, Fit, Row


def train_together(
    job: Job,
    *,
    train: list[Path],
    heldout: list[Path],
    model: list[Path],
    checkpoints: list[Path],
    history: list[Path],
    losses: list[Path],
) -> None:
    """train, heldout: one a subset; the other files: one a subset and seed."""
    name = model[0].parent.parent.name  # of the denoiser
    config, family, device = job.section(Training, "training"), job.family(), use(job)
    subsets = [[torch.from_numpy(store.units(path)) for path in paths] for paths in zip(train, heldout, strict=True)]
    images, unseen, seeds = zip(*((*subset, seed) for subset in subsets for seed in job.settings["seeds"]), strict=True)
    log.info("%s: on %s, CUDA_VISIBLE_DEVICES=%s", name, device, os.environ.get("CUDA_VISIBLE_DEVICES", ""))
    built = (build(family, *start).to(device) for start in zip(images, seeds, strict=True))
    denoisers = [cast(Preconditioned, channels_last(denoiser, family)) for denoiser in built]
    stamp = job.stamp([*train, *heldout])
    keeper = Keeper(model[0].with_name(store.STATE), store.digest(content=stamp.content_hash, device=device.type))
    progress = reporter(name, config.steps, live_curve(job, model[0]))
    results = fit_together(denoisers, images, unseen, config, seeds, progress, keeper)
    outputs = zip(model, checkpoints, history, losses, strict=True)
    for number, (result, paths) in enumerate(zip(results, outputs, strict=True)):
        own = stamp._replace(content_hash=store.digest(content=stamp.content_hash, number=number))
        write(result, *paths, own, options(family))


def write(
    result: Fit, model: Path, checkpoints: Path, history: Path, losses: Path, stamp: store.Stamp, family: dict[str, Any]
) -> None:
    """The outputs of one training."""
    facts = stamp._asdict() | {"status": result.status, "family": family}
    *early, last = result.checkpoints
    save_state(model, result.checkpoints[last], facts | {"step": last})
    save_state(checkpoints, in_one({str(step): result.checkpoints[step] for step in early}), facts)
    store.write(history, HISTORY, result.history, stamp)
    store.write(losses, LOSSES, result.losses, stamp)


def live_curve(job: Job, model: Path) -> Callable[[Row], None]:
    """Tells a server each row, where one is to be told; its run is named by the folder of the first model."""
    if job.live == "off":
        return lambda row: None
    live = import_module("creativity.training.live")  # not by name: it decides no result, and its code is none of a training's
    tell: Callable[[Row], None] = live.curve(job.live, job.campaign, "/".join(model.parts[-4:-1]))
    return tell


def reporter(name: str, steps: int, tell: Callable[[Row], None]) -> Callable[[Row], None]:
    """Prints about ten lines a training: how far it is, the loss, and what is left; and tells every row on."""
    due = [0.1]

    def report(row: Row) -> None:
        tell(row)
        if row.step >= due[0] * steps:
            left = row.seconds / row.step * (steps - row.step)
            log.info("%s: step %d of %d, loss %.3f, %.0f s left", name, row.step, steps, row.loss, left)
            due[0] = row.step / steps + 0.1

    return report
