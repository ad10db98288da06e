"""Runs trainings to their last step, from the first step or from a saved state."""

from collections.abc import Callable, Sequence
from functools import partial

from creativity.campaign.sections import Training
from creativity.denoisers.precondition import Preconditioned
from creativity.running.memory import give_back
from creativity.tensors import RealImages
from creativity.training.resume import Keeper
from creativity.training.together import InTurn, Together, batchable
from creativity.training.trainer import Fit, Row, Trainer


def fit(
    denoiser: Preconditioned,
    images: RealImages,
    heldout: RealImages,
    config: Training,
    seed: int,
    progress: Callable[[Row], None] = lambda row: None,
    keeper: Keeper | None = None,
) -> Fit:
    """Trains a denoiser; returns its EMA weights at each checkpoint, the training history, and the losses by noise level.

    The loss is the mean over pixels of |D(y + sigma eps, sigma) - y|^2 / c_out^2 with ln sigma ~ N(p_mean, p_std^2)
    (Karras et al. 2022). The training ends early, with the status "diverged", when the loss is not finite.

    images, heldout: [n, c, h, w] in -1..1. progress: called with each new row of the history. keeper: saves the state of the
    training, that of its end too, and restores that of an interrupted one. Raises UserError where a signal interrupts the training.
    """
    return fit_together([denoiser], [images], [heldout], config, [seed], progress, keeper)[0]


def fit_together(
    denoisers: Sequence[Preconditioned],
    images: Sequence[RealImages],
    heldout: Sequence[RealImages],
    config: Training,
    seeds: Sequence[int],
    progress: Callable[[Row], None] = lambda row: None,
    keeper: Keeper | None = None,
) -> list[Fit]:
    """Trains several denoisers of one architecture, each on its own images with its own seed, in common optimiser steps.

    Networks for which there is no common step, such as those that keep statistics of batches, or a slower one, are trained in turn.
    progress: called with the rows of the first denoiser that has not diverged; where one diverges the others continue. The other
    arguments are those of `fit`, with one entry for each denoiser.
    """
    trainers = [Trainer(denoiser, config, seed) for denoiser, seed in zip(denoisers, seeds, strict=True)]
    first = trainers[0]
    on_device = {id(tensor): tensor.to(first.device) for tensor in (*images, *heldout)}  # a set that several share is copied once
    images, heldout = ([on_device[id(tensor)] for tensor in tensors] for tensors in (images, heldout))
    together = several(trainers, images[0]) if len(trainers) > 1 else None
    training = together or first
    if keeper:
        keeper.restore(training)
    restored = first.steps
    step = partial(together.step, images) if together else partial(first.step, images[0])
    while first.steps < config.steps and not all(trainer.diverged for trainer in trainers):
        step()
        rows = [trainer.after_step(*sets) for trainer, *sets in zip(trainers, images, heldout, strict=True)]
        for row in [row for row in rows if row][:1]:
            progress(row)
            give_back()
        if keeper:
            keeper.after_step(training)
    if keeper and first.steps > restored:
        keeper.save(training)
    return [trainer.result for trainer in trainers]


def several(trainers: list[Trainer], images: RealImages) -> InTurn:
    """Several trainers in common steps where their networks can be batched, and in turn elsewhere.

    Networks with convolutions go in turn on a processor, where those of several in groups take up to 1.7 times as long.
    """
    denoiser, device = trainers[0].denoiser, trainers[0].device
    in_groups = device.type == "cpu" and any(p.dim() == 4 for p in denoiser.parameters())
    return InTurn(trainers) if in_groups or not batchable(denoiser, images) else Together(trainers)
