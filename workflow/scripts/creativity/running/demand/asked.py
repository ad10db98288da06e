"""What is known of a job, what it is expected to use, and the passes of its denoiser over its images."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from creativity.campaign.layout import Run, samples_of
from creativity.campaign.sections import Campaign
from creativity.families.base import Brought, Family
from creativity.running.demand.rates import Machine, Rates

WITH_TORCH_MB, TRAINING_MB, WITHOUT_TORCH_MB, SMALL_MB = 600.0, 830.0, 150.0, 75.0  # of a process that has imported what it needs
ON_GPU_MB = 3000.0  # more of one that uses a GPU
MARGIN_MINUTES, SAFETY = 5, 2  # what is asked for beyond the estimate: minutes, and a factor
LONGEST = 24 * 60  # minutes; a longer training continues from its saved state
SPARE = 1.5  # memory asked for, over the estimate
BLOCK = 32  # images that a denoiser gets at once
CALL_SECONDS = 0.003  # least time of one pass through a network, however small; on a GPU too, where it starts operations
CALLS = {"euler": 1, "dpmpp-2m": 1}  # evaluations of the denoiser a step; 2 for all other samplers
LONG_ON_A_CORE = 3600  # seconds of a closed form's sampling beyond which it asks for a GPU
DOUBLE, SINGLE = 8, 4  # bytes


class Demand(NamedTuple):
    """Processor (or GPU) seconds, and host memory in megabytes, that a job is expected to use. start: those until it is at work."""

    seconds: float
    megabytes: float
    start: float = 0.0

    def in_turn(self, runs: int) -> "Demand":
        """Of a job that does its work for so many runs, one after the other: it starts once."""
        return self._replace(seconds=self.start + runs * (self.seconds - self.start))

    @property
    def minutes(self) -> int:
        """What a scheduler is asked for."""
        return min(MARGIN_MINUTES + int(SAFETY * self.seconds / 60), LONGEST)

    @property
    def mem_mb(self) -> int:
        return int(SPARE * self.megabytes)


class Cost(NamedTuple):
    """What the job `probe` measured of a user's denoiser, for one image.

    seconds: of one core. activations: numbers that are kept for the gradient. weights: how many there are.
    """

    seconds: float = 0
    activations: float = 0
    weights: float = 0


class Asked(NamedTuple):
    """The campaign, run (the first of a campaign where a job is not of one run), number of runs and machine of a job.

    costs: what was measured so far of users' denoisers, by name. served: the runs that the job does its work for, in turn.
    """

    campaign: Campaign
    run: Run
    runs: int
    machine: Machine
    costs: Mapping[str, Cost] = MappingProxyType({})
    served: int = 1

    @property
    def family(self) -> Family:
        return self.campaign.denoisers[self.run.denoiser]

    @property
    def values(self) -> int:
        return self.campaign.dataset.shape.values

    @property
    def on_gpu(self) -> bool:
        """Whether its jobs ask for a GPU where the campaign has one: a network, or a closed form that takes a core over an hour."""
        if self.campaign.training.device == "cpu" or not self.run.denoises:
            return False
        return self.run.is_network or descents(self, self.machine.core) > LONG_ON_A_CORE

    @property
    def rates(self) -> Rates:
        return self.machine.device if self.on_gpu else self.machine.core

    @property
    def samples(self) -> int:
        """The samples of the run."""
        return samples_of(self.campaign, self.run.denoiser)

    @property
    def all_samples(self) -> int:
        """The samples of all runs, those of external models that have a number of their own counted for one subset."""
        common = self.campaign.sampling.count
        return self.runs * common + sum(samples_of(self.campaign, name) - common for name in self.campaign.denoisers)

    @property
    def images(self) -> int:
        """All images that a run is measured with."""
        subsets = self.campaign.subsets
        return self.run.n + subsets.heldout + subsets.reference + self.samples


def evaluation(family: Family, asked: Asked, rates: Rates) -> float:
    """Seconds of one evaluation of a denoiser for one block of images."""
    n, shape = asked.run.n, asked.campaign.dataset.shape
    if isinstance(family, Brought):
        return BLOCK * measured(family, asked).seconds * asked.machine.core.network / rates.network + CALL_SECONDS
    if family.kind == "trained":
        return BLOCK * family.multiplications(n, shape) / rates.network + CALL_SECONDS
    return BLOCK * (family.multiplications(n, shape) / rates.product + family.softmax_terms(n, shape) / rates.weight) + CALL_SECONDS


def measured(family: Family, asked: Asked) -> Cost:
    """What was measured of a user's denoiser; nothing before that, when no job that needs it can run yet."""
    name = next(name for name, own in asked.campaign.denoisers.items() if own is family)
    return asked.costs.get(name, Cost())


def building(family: Family, asked: Asked) -> float:
    """Seconds in which a denoiser is built from its training images."""
    return family.building(asked.run.n, asked.campaign.dataset.shape) / asked.machine.core.product


def descents(asked: Asked, rates: Rates) -> float:
    """Seconds in which all samples are drawn once."""
    sampling = asked.campaign.sampling
    blocks, calls = -(-sampling.count // BLOCK), CALLS.get(sampling.sampler, 2) * sampling.steps
    return blocks * calls * evaluation(asked.family, asked, rates)


def with_torch(asked: Asked, seconds: float, megabytes: float, base: float = WITH_TORCH_MB) -> Demand:
    """A process that computes with torch, on a GPU unless the campaign's device is the CPU."""
    on_device = ON_GPU_MB if asked.campaign.training.device != "cpu" else 0.0
    start = asked.machine.core.start
    return Demand(start + seconds, base + on_device + megabytes, start)


def without_torch(asked: Asked, seconds: float = 0.0, megabytes: float = 0.0) -> Demand:
    start = 0.6 * asked.machine.core.start
    return Demand(start + seconds, WITHOUT_TORCH_MB + megabytes, start)


def small(asked: Asked) -> Demand:
    """A process that reads and writes a few kilobytes."""
    return Demand(asked.machine.core.start / 4, SMALL_MB)


def mega(numbers: int | float, bytes_of_one: int) -> float:
    return numbers * bytes_of_one / 2**20
