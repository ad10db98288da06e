"""What jobs need that tell real images from unreal ones, and those that ask other people's networks."""

import math

from creativity.running.demand.asked import CALL_SECONDS, LONG_ON_A_CORE, SINGLE, TRAINING_MB, Asked, Demand, mega, with_torch
from creativity.running.demand.comparisons import SINGLE_FASTER
from creativity.running.demand.rates import Rates

EXTRACTORS = {  # multiplications for one image
    "inception": 6e9,
    "dinov2-vits14": 6e9,
    "dinov2-vitb14": 22e9,
    "dinov2-vitl14": 78e9,
    "dinov2-vitg14": 290e9,
    "torchscript": 22e9,  # of which nothing is known
}


def judge_training(asked: Asked) -> Demand:
    """A network a fold of the reference, one after the other, and the errors of its own images, with 4 noises at 2 levels."""
    judge, campaign = asked.campaign.judge, asked.campaign
    seconds = judge.folds * 3 * judge.steps * judge.batch_size * unet(judge.width, asked) / network_rates(asked).network
    seconds += judge.folds * 3 * judge.steps * CALL_SECONDS
    images = campaign.subsets.reference * asked.values
    activations = judge.batch_size * campaign.dataset.shape.pixels * judge.width * 60
    seconds += judging_seconds(asked, campaign.subsets.reference, network_rates(asked))
    return with_torch(asked, seconds, mega(4 * images + activations, SINGLE), TRAINING_MB)


def judging(asked: Asked) -> Demand:
    """Every sample by the network of each fold."""
    return with_torch(asked, *judging_once(asked, asked.machine.device if judged_on_gpu(asked) else asked.machine.core))


def judged_on_gpu(asked: Asked) -> bool:
    """Whether samples are judged on a GPU: those that were drawn on one, and others where it takes a core more than an hour."""
    if asked.campaign.training.device == "cpu":
        return False
    return asked.on_gpu or asked.served * judging_once(asked, asked.machine.core)[0] > LONG_ON_A_CORE


def judging_once(asked: Asked, rates: Rates) -> tuple[float, float]:
    """Seconds and megabytes of that, beside what the process takes."""
    campaign = asked.campaign
    folds, reference = campaign.judge.folds, campaign.subsets.reference
    distances = 4 * asked.samples * reference * asked.values / (SINGLE_FASTER * asked.machine.core.product)
    seconds = folds * (judging_seconds(asked, asked.samples, rates) + distances)
    return seconds, mega((20 * min(asked.samples, 3000) + asked.samples + 4 * reference) * asked.values, SINGLE)


def judging_seconds(asked: Asked, images: int, rates: Rates) -> float:
    seconds = unet(asked.campaign.judge.width, asked) / rates.network + CALL_SECONDS / 64
    return images * judged_copies(asked.campaign.dataset.size) * seconds


def judged_copies(side: int) -> int:
    """Noisy copies of an image that each network of the judge denoises: at 2 levels, as many as `training.judge.noises`."""
    return 2 * min(max(round(4 * (16 / side) ** 2), 2), 4)


def unet(width: int, asked: Asked) -> float:
    """Multiplications of one pass of one image through a small UNet; more for a narrow one, which is slow for their number."""
    return 5 * 50 * asked.campaign.dataset.shape.pixels * width**2 * math.sqrt(max(1, 16 / width))


def network_rates(asked: Asked) -> Rates:
    """Of what networks are run on: a GPU unless the campaign's device is the CPU."""
    return asked.machine.core if asked.campaign.training.device == "cpu" else asked.machine.device


def critic_training(asked: Asked) -> Demand:
    """2 networks that see all unreal images, and one without each of 4 kinds; and the mosaics that they learn from."""
    critic, shape = asked.campaign.critic, asked.campaign.dataset.shape
    passes = 9 * shape.pixels * critic.width * (shape.channels + critic.width * math.log2(shape.size / 4) / 2)
    networks = 2 + 4
    seconds = networks * critic.steps * (2.5 * 64 * passes / network_rates(asked).network + 3 * CALL_SECONDS / 2)
    mosaics = networks * 64 * 16 * 200 * shape.pixels / asked.machine.core.weight
    return with_torch(asked, seconds + mosaics, mega(64 * shape.pixels * critic.width * 8, SINGLE), TRAINING_MB)


def extracting(asked: Asked) -> Demand:
    """Passes of the larger of the sets through somebody else's network."""
    features = asked.campaign.features
    images = max(asked.run.n, asked.campaign.subsets.reference, asked.samples)
    seconds = images * EXTRACTORS[features.extractor] / network_rates(asked).network if features.extractor else 0
    return with_torch(asked, seconds + asked.machine.core.start, 1500 + mega(4 * images * asked.values, SINGLE))
