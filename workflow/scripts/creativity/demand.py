"""What a job asks of a scheduler: memory and minutes from the configuration, generous and rough. Nothing heavy is imported here.

The rates are lower bounds of what was measured (one core of a workstation) or is common (one GPU); a job that still does not
fit is started again with twice, then three times as much.
"""

from typing import NamedTuple

from creativity.config import Campaign, Cnn, EquivariantLocal, Local, Unet
from creativity.layout import Run

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
    work = 3 * training.steps * training.batch_size * multiplications(campaign, run)
    seconds = max(work / rate(campaign), training.steps * STEP_SECONDS)
    images = (run.n + campaign.subsets.heldout) * campaign.dataset.values
    places = campaign.dataset.size**2 if isinstance(campaign.denoisers[run.denoiser], Unet | Cnn) else 1
    activations = LAYERS * training.batch_size * places * width(campaign, run)
    return Demand(PROCESS_MB + megabytes(images + activations), minutes(seconds))


def of_sampling(campaign: Campaign, run: Run) -> Demand:
    """Two evaluations a step, and as many again at each checkpoint and with doubled steps."""
    sampling = campaign.sampling
    rounds = 3 + len(campaign.training.checkpoints)
    speed = rate(campaign) if run.kind == "trained" else PRODUCT_RATE
    seconds = rounds * 2 * sampling.steps * sampling.count * multiplications(campaign, run) / speed
    images = (run.n + sampling.batch_size + campaign.subsets.reference) * campaign.dataset.values * SIDES
    return Demand(PROCESS_MB + megabytes(images), minutes(seconds))


def of_comparing(campaign: Campaign, run: Run) -> Demand:
    """Distances between all images of all sets, in float64."""
    images = run.n + campaign.subsets.heldout + campaign.subsets.reference + campaign.sampling.count
    pairs = images * (campaign.subsets.reference + 2 * campaign.sampling.count)
    seconds = 20 * pairs * campaign.dataset.values / CPU_RATE
    return Demand(TABLES_MB + megabytes(images * campaign.dataset.values * SIDES + 4 * pairs), minutes(seconds))


def of_gathering(campaign: Campaign, runs: int) -> Demand:
    """Tables and figures of all runs."""
    return Demand(TABLES_MB + megabytes(100 * runs * campaign.sampling.count), minutes(2.0 * runs))


def width(campaign: Campaign, run: Run) -> int:
    return int(getattr(campaign.denoisers[run.denoiser], "width", 1))


def multiplications(campaign: Campaign, run: Run) -> float:
    """Of one image through the denoiser, to a factor of some."""
    family, pixels = campaign.denoisers[run.denoiser], campaign.dataset.size**2
    if run.kind != "trained":
        patch = family.patch if isinstance(family, Local | EquivariantLocal) and isinstance(family.patch, int) else 1
        places = pixels if isinstance(family, EquivariantLocal) else 1
        return float(run.n * campaign.dataset.values * patch**2 * places)
    if isinstance(family, Unet):
        levels = enumerate(family.level_multipliers)
        return float(sum(50 * family.blocks * pixels / 4**level * (family.width * m) ** 2 for level, m in levels))
    if isinstance(family, Cnn):
        return float((family.depth + 1) * pixels * family.kernel**2 * family.width**2)
    wide = width(campaign, run)
    return float(2 * campaign.dataset.values * wide + getattr(family, "depth", 1) * wide**2)


def rate(campaign: Campaign) -> float:
    return CPU_RATE if campaign.training.device == "cpu" else GPU_RATE


def megabytes(numbers: int) -> int:
    return int(numbers * ELEMENT / 2**20)


def minutes(seconds: float) -> int:
    return min(START_MINUTES + int(SAFETY * seconds / 60), LONGEST)
