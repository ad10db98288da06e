"""Trainings from their first step, or from where they were interrupted, to their last."""

from collections.abc import Callable, Sequence
from functools import partial

from creativity.campaign.sections import Training
from creativity.denoisers.precondition import Preconditioned
from creativity.tensors import RealImages
from creativity.training.resume import Keeper
from creativity.training.together import Together
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
    """Trains a denoiser and returns its averaged weights at each checkpoint, with the history and the losses.

    The loss of a pixel is |D(y + sigma eps, sigma) - y|^2 / c_out^2 with ln sigma ~ N(p_mean, p_std^2) (Karras et al. 2022).
    images, heldout: [n, c, h, w] in -1..1. Progress is told each row of the history. A loss that is not finite ends it.
    keeper: keeps the state of this training, and knows the one of an interrupted training to go on from.
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
    """The same of several denoisers of one architecture, each with its images and its seed, in steps that they take together.

    Progress is told the rows of the first that has not diverged; where one diverges the others go on.
    """
    trainers = [Trainer(denoiser, config, seed) for denoiser, seed in zip(denoisers, seeds, strict=True)]
    one, several = trainers[0], Together(trainers) if len(trainers) > 1 else None
    training = several or one
    if keeper:
        keeper.restore(training)
    there = {id(each): each.to(one.device) for each in (*images, *heldout)}
    images, heldout = ([there[id(each)] for each in sets] for sets in (images, heldout))
    step = partial(several.step, images) if several else partial(one.step, images[0])
    while one.steps < config.steps and not all(trainer.diverged for trainer in trainers):
        step()
        rows = [trainer.after_step(*sets) for trainer, *sets in zip(trainers, images, heldout, strict=True)]
        for row in [row for row in rows if row][:1]:
            progress(row)
        if keeper:
            keeper.after_step(training)
    return [trainer.result for trainer in trainers]
