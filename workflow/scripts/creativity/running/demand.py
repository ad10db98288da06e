"""What a job asks of a scheduler: memory and minutes from the configuration, generous and rough. Nothing heavy is imported here.

The rates are lower bounds of what was measured (one core of a workstation) or is common (one GPU); a job that still does not
fit is started again with twice, then three times as much.
"""

from typing import NamedTuple

from creativity.campaign.layout import Run
from creativity.campaign.sections import Campaign

PROCESS_MB = 3000  # an interpreter with torch and, on a GPU, its context on the host
TABLES_MB = 1500  # one with pyarrow, pandas and scipy
START_MINUTES = 10
CPU_RATE, GPU_RATE, PRODUCT_RATE = 3e9, 3e12, 2e10  # multiplications a second: small networks, on a GPU, matrix products
STEP_SECONDS = 0.03  # a step takes at least as long, however small the network is
LAYERS = 60  # activations kept for the gradient, in images of the network's width
SIDES = 12  # float64 copies of all images, with their distances
SAFETY = 3
LONGEST = 24 * 60  # minutes; a longer training goes on from its saved state
ELEMENT = 8  # bytes


class Demand(NamedTuple):
    """Host memory in megabytes and wall time in minutes, of the first attempt."""

    mem_mb: int
    minutes: int


def of_training(campaign: Campaign, run: Run) -> Demand:
    """Steps x batch x three passes through the network."""
    training = campaign.training
    family, shape = campaign.denoisers[run.denoiser], campaign.dataset.shape
    work = 3 * training.steps * training.batch_size * family.multiplications(run.n, shape)
    seconds = max(work / rate(campaign), training.steps * STEP_SECONDS)
    images = (run.n + campaign.subsets.heldout) * shape.values
    activations = LAYERS * training.batch_size * family.activations(shape)
    return Demand(PROCESS_MB + megabytes(images + activations), minutes(seconds))


def of_sampling(campaign: Campaign, run: Run) -> Demand:
    """Two evaluations a step, and as many again at each checkpoint and with doubled steps."""
    sampling = campaign.sampling
    rounds = 3 + len(campaign.training.checkpoints)
    work = campaign.denoisers[run.denoiser].multiplications(run.n, campaign.dataset.shape)
    speed = rate(campaign) if run.kind == "trained" else PRODUCT_RATE
    seconds = rounds * 2 * sampling.steps * sampling.count * work / speed
    images = (run.n + sampling.batch_size + campaign.subsets.reference) * campaign.dataset.shape.values * SIDES
    return Demand(PROCESS_MB + megabytes(images), minutes(seconds))


def of_comparing(campaign: Campaign, run: Run) -> Demand:
    """Distances between all images of all sets, in float64."""
    images = run.n + campaign.subsets.heldout + campaign.subsets.reference + campaign.sampling.count
    pairs = images * (campaign.subsets.reference + 2 * campaign.sampling.count)
    seconds = 20 * pairs * campaign.dataset.shape.values / CPU_RATE
    return Demand(TABLES_MB + megabytes(images * campaign.dataset.shape.values * SIDES + 4 * pairs), minutes(seconds))


def of_gathering(campaign: Campaign, runs: int) -> Demand:
    """Tables and figures of all runs."""
    return Demand(TABLES_MB + megabytes(100 * runs * campaign.sampling.count), minutes(2.0 * runs))


def rate(campaign: Campaign) -> float:
    return CPU_RATE if campaign.training.device == "cpu" else GPU_RATE


def megabytes(numbers: int | float) -> int:
    return int(numbers * ELEMENT / 2**20)


def minutes(seconds: float) -> int:
    return min(START_MINUTES + int(SAFETY * seconds / 60), LONGEST)
