"""How much memory and time each job asks a scheduler such as Slurm for: rough, generous estimates from the campaign.

The rates are lower bounds of what was measured on one core of a workstation, or is common on one GPU. A job that needs more is
started again with twice, then three times as much. Nothing that takes long to import, such as torch, is imported here.
"""

from typing import NamedTuple

from creativity.campaign.layout import Run
from creativity.campaign.sections import Campaign

PROCESS_MB = 3000  # a Python process with torch and, for a GPU, CUDA's memory on the host
TABLES_MB = 1500  # a Python process with pyarrow, pandas and scipy
START_MINUTES = 10
CPU_RATE, GPU_RATE = 3e9, 3e12  # multiplications a second of small networks
PRODUCT_RATE = 2e10  # multiplications a second of matrix products on the CPU
STEP_SECONDS = 0.03  # the least time of a training step, however small the network
LAYERS = 60  # layers whose activations are kept for the gradient
COPIES = 12  # float64 copies of all images, their distances included
SAFETY = 3  # factor on the estimated time
LONGEST = 24 * 60  # minutes; a longer training continues from its saved state
ELEMENT = 8  # bytes of a float64


class Demand(NamedTuple):
    """Host memory in megabytes and wall time in minutes of a job's first attempt."""

    mem_mb: int
    minutes: int


def of_training(campaign: Campaign, run: Run) -> Demand:
    """A training: steps x batch size x 3 passes through the network, one forward and two backward."""
    training = campaign.training
    family, shape = campaign.denoisers[run.denoiser], campaign.dataset.shape
    multiplications = 3 * training.steps * training.batch_size * family.multiplications(run.n, shape)
    seconds = max(multiplications / rate(campaign), training.steps * STEP_SECONDS)
    image_values = (run.n + campaign.subsets.heldout) * shape.values
    activations = LAYERS * training.batch_size * family.activations(shape)
    return Demand(PROCESS_MB + megabytes(image_values + activations), minutes(seconds))


def of_sampling(campaign: Campaign, run: Run) -> Demand:
    """Sampling: 2 evaluations of the denoiser a step, once for the samples and each checkpoint, and twice for doubled steps."""
    sampling = campaign.sampling
    rounds = 3 + len(campaign.training.checkpoints)
    multiplications = campaign.denoisers[run.denoiser].multiplications(run.n, campaign.dataset.shape)
    multiplications_a_second = rate(campaign) if run.kind == "trained" else PRODUCT_RATE
    seconds = rounds * 2 * sampling.steps * sampling.count * multiplications / multiplications_a_second
    image_values = (run.n + sampling.batch_size + campaign.subsets.reference) * campaign.dataset.shape.values * COPIES
    return Demand(PROCESS_MB + megabytes(image_values), minutes(seconds))


def of_comparing(campaign: Campaign, run: Run) -> Demand:
    """Measuring: float64 distances between the images of all sets."""
    images = run.n + campaign.subsets.heldout + campaign.subsets.reference + campaign.sampling.count
    pairs = images * (campaign.subsets.reference + 2 * campaign.sampling.count)
    seconds = 20 * pairs * campaign.dataset.shape.values / CPU_RATE
    return Demand(TABLES_MB + megabytes(images * campaign.dataset.shape.values * COPIES + 4 * pairs), minutes(seconds))


def of_gathering(campaign: Campaign, runs: int) -> Demand:
    """Tables, figures and the page, which read the results of all runs."""
    return Demand(TABLES_MB + megabytes(100 * runs * campaign.sampling.count), minutes(2.0 * runs))


def rate(campaign: Campaign) -> float:
    """Multiplications a second of a network on the device that the campaign trains on."""
    return CPU_RATE if campaign.training.device == "cpu" else GPU_RATE


def megabytes(numbers: int | float) -> int:
    """Memory of so many float64 numbers."""
    return int(numbers * ELEMENT / 2**20)


def minutes(seconds: float) -> int:
    """Minutes to ask for where so many seconds are estimated."""
    return min(START_MINUTES + int(SAFETY * seconds / 60), LONGEST)
