"""What jobs need that train denoisers, sample them and ask what explains them."""

from dataclasses import replace

from creativity.campaign.layout import judged_along
from creativity.families.base import Brought, Family
from creativity.running.demand.asked import (
    BLOCK,
    CALL_SECONDS,
    CALLS,
    DOUBLE,
    SINGLE,
    TRAINING_MB,
    Asked,
    Demand,
    building,
    descents,
    evaluation,
    measured,
    mega,
    with_torch,
)
from creativity.running.demand.judges import judging_once

WEIGHT_COPIES = 6  # weights, gradient, two moments, average, and what is written
COPIES = 4  # of the training images, in a closed form
BINS = 10  # noise levels at which losses are measured


def probing(asked: Asked) -> Demand:
    """A user's denoiser, of which nothing is known."""
    return with_torch(asked, 60, 4000)


def training(asked: Asked) -> Demand:
    """Steps x batch x 3 passes, one forward and two backward, and the losses at the checkpoints."""
    settings = asked.campaign.training
    batches = settings.batch_size / BLOCK
    passes = 3 * settings.steps * batches
    passes += len(settings.checkpoint_steps) * BINS * (asked.run.n + asked.campaign.subsets.heldout) / BLOCK
    seconds = passes * (evaluation(asked.family, asked, asked.rates) - CALL_SECONDS) + 3 * settings.steps * CALL_SECONDS
    images = 4 * (asked.run.n + asked.campaign.subsets.heldout) * asked.values
    weights = (WEIGHT_COPIES + len(settings.checkpoint_steps)) * weights_of(asked)
    megabytes = mega(images + settings.batch_size * kept(asked.family, asked) + weights, SINGLE)
    return with_torch(asked, seconds, megabytes, TRAINING_MB)


def training_together(asked: Asked) -> Demand:
    """All seeds of the subsets and of the training of one denoiser."""
    alone, number = training(asked), len(asked.campaign.subsets.seeds) * len(asked.campaign.seeds)
    return Demand(alone.seconds * number, alone.megabytes + (number - 1) * (alone.megabytes - TRAINING_MB))


def weights_of(asked: Asked) -> float:
    """Weights of a user's network; those of the project's own networks are few."""
    return measured(asked.family, asked).weights if isinstance(asked.family, Brought) else 0.0


def kept(family: Family, asked: Asked) -> float:
    """Numbers that a network keeps for the gradient, for one image, in about 60 layers."""
    if isinstance(family, Brought):
        return measured(family, asked).activations
    return 60 * family.activations(asked.campaign.dataset.shape)


def restoring(asked: Asked) -> float:
    """Megabytes of a denoiser and of what it draws."""
    batch = BLOCK * (4 * asked.values + kept(asked.family, asked) / 7.5)  # without a gradient, of 8 layers
    return holding(asked, asked.family) + mega(batch + 2 * weights_of(asked) + asked.campaign.sampling.count * asked.values, SINGLE)


def holding(asked: Asked, family: Family) -> float:
    """Megabytes of the training images, of which closed forms hold copies in float64 and need more while they are built."""
    copies = COPIES if family.kind == "closed form" else 1
    return mega(copies * asked.run.n * asked.values, DOUBLE)


def sampling(asked: Asked) -> Demand:
    return with_torch(asked, building(asked.family, asked) + descents(asked, asked.rates), restoring(asked))


def converging(asked: Asked) -> Demand:
    """Twice the steps, and the samples of each checkpoint before the last."""
    checkpoints = len(asked.campaign.training.checkpoint_steps) - 1 if asked.run.kind == "trained" else 0
    sets = 2 + checkpoints
    compared = (1 + sets) * asked.campaign.sampling.count * asked.images * asked.values
    seconds = building(asked.family, asked) + sets * descents(asked, asked.rates) + 3 * compared / asked.machine.core.product
    megabytes = restoring(asked) + mega(3 * asked.images * asked.values, DOUBLE)
    if judged_along(asked.campaign, asked.run):
        of_judge = judging_once(asked, asked.rates)
        seconds, megabytes = seconds + sets * of_judge[0], megabytes + of_judge[1]
    return with_torch(asked, seconds, megabytes)


def explaining(asked: Asked) -> Demand:
    """One block down the levels; a network is asked beside all closed forms, and differentiated, as closed forms are."""
    steps, family = asked.campaign.sampling.steps, asked.family
    forms = [form for form in asked.campaign.denoisers.values() if form.kind == "closed form" and not form.refers_to()]
    others = forms if asked.run.is_network else []
    alone = evaluation(family, asked, asked.rates)
    passes = CALLS.get(asked.campaign.sampling.sampler, 2) + 1 / 2 + asked.campaign.dataset.shape.channels
    beside = sum(building(form, asked) + steps * evaluation(form, asked, asked.rates) / 2 for form in others)
    megabytes = restoring(asked) + sum(holding(asked, form) for form in others)
    return with_torch(asked, building(family, asked) + steps * passes * alone + beside, 100 + megabytes)


def explaining_seeds(asked: Asked) -> Demand:
    """Each training of a network goes down the levels once, and the others are asked at its own images."""
    number, steps = len(asked.campaign.seeds), asked.campaign.sampling.steps
    passes = number * steps * (CALLS.get(asked.campaign.sampling.sampler, 2) + number)
    return with_torch(asked, passes * evaluation(asked.family, asked, asked.rates), number * restoring(asked))


def calibrating(asked: Asked) -> Demand:
    """A network's own block down the levels, and each patch side for 16 images at each level."""
    steps, network = asked.campaign.sampling.steps, asked.campaign.denoisers[str(asked.run.follows)]
    size = asked.campaign.dataset.size
    sides = [replace(asked.family, patch=side) for side in range(1, 2 * size, 2)]  # type: ignore[type-var]
    local = sum([evaluation(family, asked, asked.rates) / 2 for family in sides])
    seconds = 2 * steps * evaluation(network, asked, asked.rates) + steps * local
    return with_torch(asked, seconds, size * restoring(asked))
