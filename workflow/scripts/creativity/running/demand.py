"""How much memory and processor time each job needs: counted operations over the rates of a machine.

A scheduler such as Slurm is asked for more than that, and for twice, then three times as much where a job did not finish. Nothing
that takes long to import, such as torch, is imported here.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from creativity import store
from creativity.campaign.layout import Run, laws_of, runs, samples_of
from creativity.campaign.sections import Campaign
from creativity.families.base import Brought, Family
from creativity.families.control import CONTROLS
from creativity.fields import ImpossibleError
from creativity.running.job import of_one_run

RATES = Path("results/rates.json")  # of the machine at hand, which tools/rates.py measures
WITH_TORCH_MB, TRAINING_MB, WITHOUT_TORCH_MB, SMALL_MB = 600.0, 830.0, 150.0, 75.0  # of a process that has imported what it needs
ON_GPU_MB = 3000.0  # more of one that uses a GPU
MARGIN_MINUTES, SAFETY = 5, 2  # what is asked for beyond the estimate: minutes, and a factor
LONGEST = 24 * 60  # minutes; a longer training continues from its saved state
SPARE = 1.5  # memory asked for, over the estimate
BLOCK = 32  # images that a denoiser gets at once
CALL_SECONDS = 0.003  # least time of one pass through a network, however small; on a GPU too, where it starts operations
CALLS = {"euler": 1, "dpmpp-2m": 1}  # evaluations of the denoiser a step; 2 for all other samplers
LONG_ON_A_CORE = 3600  # seconds of a closed form's sampling beyond which it asks for a GPU
WEIGHT_COPIES = 6  # weights, gradient, two moments, average, and what is written
COMPARED_IN_ALL_VIEWS = 512  # training images at most that are: `neighbours.spaces.aligned.ALL`
DISGUISED = 200  # training images at most that are disguised: `measures.disguises.MOST`
COPIES = 4  # of the training images, in a closed form
SINGLE_FASTER = 4  # products of float32 matrices, over those of float64
IN_PCA = 1 / 8  # of an image's values, that are compared in the space `pca`
BINS = 10  # noise levels at which losses are measured
DOUBLE, SINGLE = 8, 4  # bytes
EXTRACTORS = {  # multiplications for one image
    "inception": 6e9,
    "dinov2-vits14": 6e9,
    "dinov2-vitb14": 22e9,
    "dinov2-vitl14": 78e9,
    "dinov2-vitg14": 290e9,
    "torchscript": 22e9,  # of which nothing is known
}


class Rates(NamedTuple):
    """What one core, or one GPU, does in a second; the defaults were measured on one core of an AMD EPYC with AVX-512."""

    network: float = 1.6e10  # multiplications in convolutions and layers of networks
    product: float = 1e10  # multiplications in float64 matrix products
    weight: float = 1.7e8  # terms of a softmax-weighted mean
    start: float = 2.5  # seconds until torch is imported; a third of it for processes without torch


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


class Machine(NamedTuple):
    """Where jobs run: rates of a core, and of a GPU where one is used. gpu: 10^12 multiplications in networks a second."""

    core: Rates = Rates()
    gpu: float = 30.0

    @property
    def device(self) -> Rates:
        """Float64 products and weights on a GPU are estimated at an eighth and a thousandth of its products in networks."""
        return Rates(self.gpu * 1e12, self.gpu * 1e12 / 8, self.gpu * 1e9, self.core.start)


class Cost(NamedTuple):
    """What the job `probe` measured of a user's denoiser, for one image.

    seconds: of one core. activations: numbers that are kept for the gradient. weights: how many there are.
    """

    seconds: float = 0
    activations: float = 0
    weights: float = 0


class Asked(NamedTuple):
    """The campaign, run (the first of a campaign where a job is not of one run), number of runs and machine of a job.

    costs: what was measured so far of users' denoisers, by name.
    """

    campaign: Campaign
    run: Run
    runs: int
    machine: Machine
    costs: Mapping[str, Cost] = MappingProxyType({})

    @property
    def family(self) -> Family:
        return self.campaign.denoisers[self.run.denoiser]

    @property
    def values(self) -> int:
        return self.campaign.dataset.shape.values

    @property
    def on_gpu(self) -> bool:
        """Whether the job of a denoiser has a GPU."""
        return on_gpu(self)

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


def measured_rates(path: Path = RATES) -> Rates:
    """The rates of the machine at hand; the defaults where they were not measured.

    >>> measured_rates(Path("no such file")) == Rates()
    True
    """
    return Rates(**json.loads(path.read_text(encoding="utf-8"))) if path.exists() else Rates()


def machine(default_resources: Mapping[str, Any] | None) -> Machine:
    """The machine of a run of the workflow, from Snakemake's default resources: `gpu_speed` says how fast a GPU is.

    >>> machine({"gpu_speed": 40}).gpu
    40.0
    """
    named = dict(default_resources.items()) if default_resources else {}
    resource = named.get("gpu_speed", Machine().gpu)
    return Machine(measured_rates(), float(getattr(resource, "value", resource)))


class Estimates:
    """What the jobs of several campaigns need, each worked out once."""

    def __init__(self, campaigns: Mapping[str, Campaign], machine: Machine) -> None:
        self.campaigns, self.machine = campaigns, machine
        self.runs = {name: runs(campaign) for name, campaign in campaigns.items()}
        self.first = {name: {(run.n, run.denoiser): run for run in reversed(named)} for name, named in self.runs.items()}
        self.known: dict[tuple[str, str, int, str, int, int], Demand] = {}
        self.costs: dict[str, dict[str, Cost]] = {name: {} for name in campaigns}
        self.brought = {
            name: [denoiser for denoiser, family in campaign.denoisers.items() if isinstance(family, Brought)]
            for name, campaign in campaigns.items()
        }

    def asked(self, name: str, n: int, denoiser: str) -> Asked:
        """n, denoiser: 0 and "" where a job is not of one run."""
        run = self.first[name].get((n, denoiser), self.runs[name][0])
        return Asked(self.campaigns[name], run, len(self.runs[name]), self.machine, self.measured(name))

    def measured(self, name: str) -> Mapping[str, Cost]:
        """What the jobs `probe` of a campaign have measured so far, by denoiser."""
        costs = self.costs[name]
        for denoiser in self.brought[name]:
            path = Path(f"results/{name}/costs/{denoiser}.parquet")
            if denoiser not in costs and path.exists():
                costs[denoiser] = Cost(**store.read(path).to_pylist()[0])
        return costs

    def of(self, rule: str, wildcards: Mapping[str, str]) -> Demand:
        """What the job of a rule with these wildcards needs; where they name several runs, for one after the other."""
        rule = rule if rule in RULES else of_one_run(rule)
        name = wildcards.get("campaign") or next(iter(self.campaigns))
        size, denoiser = size_of(wildcards) or max(self.campaigns[name].subsets.sizes), wildcards.get("denoiser", "")
        number = 1
        if "n" in wildcards and rule != "train_together":
            number = len(self.campaigns[name].subsets.seeds) * len(self.campaigns[name].seeds)
        elif rule in ("neighbours", "judge", "measure") and not denoiser:  # of the controls of a subset
            number, denoiser = len(CONTROLS), next(iter(CONTROLS))
        key = (rule, name, size, denoiser, len(self.measured(name)), number)
        if key not in self.known:
            demand = RULES[rule](self.asked(name, size, denoiser))
            self.known[key] = demand.in_turn(number)
        return self.known[key]

    def on_gpu(self, wildcards: Mapping[str, str]) -> bool:
        """Whether the jobs of a run ask for a GPU."""
        return on_gpu(self.asked(wildcards["campaign"], size_of(wildcards), wildcards["denoiser"]))


def size_of(wildcards: Mapping[str, str]) -> int:
    """The number of training images that wildcards name; 0 where they name none.

    >>> size_of({"subset": "n100-s0"}), size_of({"n": "20"}), size_of({})
    (100, 20, 0)
    """
    named = wildcards.get("n") or wildcards.get("subset", "n0-").split("-")[0][1:]
    return int(named)


def on_gpu(asked: Asked) -> bool:
    """Networks run on a GPU unless the campaign's device is the CPU, and so do closed forms that take a core more than an hour."""
    if asked.campaign.training.device == "cpu" or not asked.run.denoises:
        return False
    return asked.run.is_network or descents(asked, asked.machine.core) > LONG_ON_A_CORE


def check(estimates: Estimates) -> None:
    """Raises ImpossibleError where drawing the samples of a closed form is estimated to take longer than sampling.max_hours."""
    for campaign in estimates.campaigns:
        check_campaign(estimates, campaign)


def check_campaign(estimates: Estimates, name_of_campaign: str) -> None:
    campaign = estimates.campaigns[name_of_campaign]
    most = campaign.sampling.max_hours
    for name, family in campaign.denoisers.items():
        asked = estimates.asked(name_of_campaign, max(campaign.subsets.sizes), name)
        hours = descents(asked, asked.rates) / 3600 if family.kind == "closed form" else 0
        if hours > most:
            place, power = ("a GPU" if asked.on_gpu else "one core"), 4 if family.family == "equivariant-local" else 2
            raise ImpossibleError(
                f"denoisers.{name}",
                f"about {hours:.0f} hours of {place} for {campaign.sampling.count} samples",
                f"at most sampling.max_hours = {most:g}; the hours are in proportion to the largest of subsets.sizes,"
                f" to sampling.count (in steps of {BLOCK}) and to sampling.steps, and to dataset.size to the power of {power}",
            )


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


def kept(family: Family, asked: Asked) -> float:
    """Numbers that a network keeps for the gradient, for one image, in about 60 layers."""
    if isinstance(family, Brought):
        return measured(family, asked).activations
    return 60 * family.activations(asked.campaign.dataset.shape)


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


def probing(asked: Asked) -> Demand:
    """A user's denoiser, of which nothing is known."""
    return with_torch(asked, 60, 4000)


def without_torch(asked: Asked, seconds: float = 0.0, megabytes: float = 0.0) -> Demand:
    start = 0.6 * asked.machine.core.start
    return Demand(start + seconds, WITHOUT_TORCH_MB + megabytes, start)


def small(asked: Asked) -> Demand:
    """A process that reads and writes a few kilobytes."""
    return Demand(asked.machine.core.start / 4, SMALL_MB)


def mega(numbers: int | float, bytes_of_one: int) -> float:
    return numbers * bytes_of_one / 2**20


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


def weights_of(asked: Asked) -> float:
    """Weights of a user's network; those of the project's own networks are few."""
    return measured(asked.family, asked).weights if isinstance(asked.family, Brought) else 0.0


def training_together(asked: Asked) -> Demand:
    """All seeds of the subsets and of the training of one denoiser."""
    alone, number = training(asked), len(asked.campaign.subsets.seeds) * len(asked.campaign.seeds)
    return Demand(alone.seconds * number, alone.megabytes + (number - 1) * (alone.megabytes - TRAINING_MB))


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
    return with_torch(asked, seconds, restoring(asked) + mega(3 * asked.images * asked.values, DOUBLE))


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


def aligning(asked: Asked, queries: int, known: int) -> float:
    """Seconds of a search in the space `aligned`: of all views of few images, else of sketches and then of some pairs."""
    side, product, weight = asked.campaign.dataset.size, asked.machine.core.product, asked.machine.core.weight
    views = 2 * ((2 * max(1, round(side / 8)) + 1) ** 2 + 34 * side // 32)  # shifts up to an eighth of the side, crops, mirrored
    if known <= COMPARED_IN_ALL_VIEWS:
        return queries * known * views * (asked.values / product + 6 / weight)
    sketched = 28 * (known * asked.values * 3 + queries * known * (36 * asked.campaign.dataset.shape.channels / 2)) / product
    return sketched + queries * 900 * asked.values / weight


def searching(asked: Asked, queries: int, known: int) -> float:
    """Seconds of a search in all spaces."""
    by_views = aligning(asked, queries, known) if "aligned" in asked.campaign.neighbours.spaces else 0
    return by_views + searching_rows(asked, queries, known)


def searching_rows(asked: Asked, queries: int, known: int) -> float:
    """Seconds of a search in all spaces but `aligned`: products of vectors, and passes over their results."""
    neighbours, core = asked.campaign.neighbours, asked.machine.core
    parts = {"aligned": 0.0, "pca": IN_PCA, "halves": 2.0}  # of an image's values, that are compared
    shares = [parts.get(space, 1.0) for space in neighbours.spaces]
    products = sum(shares) * asked.values / (SINGLE_FASTER * core.product) + len(shares) / core.weight
    return queries * known * (1 + neighbours.mirrored) * products


def known_images(asked: Asked) -> float:
    """Megabytes of all images, in every space, and of what is at work of them."""
    return 100 + mega((2 + len(asked.campaign.neighbours.spaces)) * asked.images * asked.values, SINGLE)


def finding_neighbours(asked: Asked) -> Demand:
    pairs, tiles = asked.samples * asked.run.n, (asked.campaign.dataset.size // asked.campaign.tile) ** 2
    traced = 2 * pairs * (asked.values / (SINGLE_FASTER * asked.machine.core.product) + tiles / 1e9)
    return without_torch(asked, searching(asked, asked.samples, asked.run.n) + traced, known_images(asked))


def subset_neighbours(asked: Asked) -> Demand:
    """All images are searched among the training images, but for these in `aligned`; and these among the reference."""
    subsets, n = asked.campaign.subsets, asked.run.n
    seconds = searching(asked, subsets.heldout + subsets.reference, n) + searching(asked, n, subsets.reference)
    return without_torch(asked, seconds + searching_rows(asked, n, n), known_images(asked))


def unmasking(asked: Asked) -> Demand:
    """Some training images in about ten disguises are searched among the training images."""
    queries = 10 * min(asked.run.n, DISGUISED)
    return without_torch(asked, searching(asked, queries, asked.run.n), known_images(asked))


def measuring(asked: Asked) -> Demand:
    """Distances of all samples to the reference; those among sampling.count of them and the reference, and their bootstraps."""
    reference, compared = asked.campaign.subsets.reference, min(asked.samples, asked.campaign.sampling.count)
    pairs = (compared + reference) ** 2 + asked.samples * reference
    seconds = 0.15 + 8 * pairs * asked.values / asked.machine.core.product + 30 * pairs / 1e8
    return without_torch(asked, seconds, 60 + mega(6 * pairs + asked.images * asked.values, DOUBLE))


def lawful(asked: Asked) -> Demand:
    """A decomposition of the training images for each law, and distances of samples to it."""
    number = len(laws_of(asked.campaign, asked.run))
    n, values = asked.run.n, asked.values
    products = number * (6 * n * values * min(n, values) + 40 * asked.campaign.sampling.count * values * min(n, values))
    return without_torch(asked, products / asked.machine.core.product + number, mega(8 * n * values, DOUBLE))


def judge_training(asked: Asked) -> Demand:
    """A network a fold of the reference, one after the other, and the errors of its own images, with 4 noises at 2 levels."""
    judge, campaign = asked.campaign.judge, asked.campaign
    seconds = judge.folds * 3 * judge.steps * judge.batch_size * unet(judge.width, asked) / network_rate(asked)
    seconds += judge.folds * 3 * judge.steps * CALL_SECONDS
    images = campaign.subsets.reference * asked.values
    activations = judge.batch_size * campaign.dataset.shape.pixels * judge.width * 60
    seconds += judging_seconds(asked, campaign.subsets.reference)
    return with_torch(asked, seconds, mega(4 * images + activations, SINGLE), TRAINING_MB)


def judging(asked: Asked) -> Demand:
    """Every sample by the network of each fold."""
    campaign = asked.campaign
    folds, reference = campaign.judge.folds, campaign.subsets.reference
    distances = 4 * asked.samples * reference * asked.values / (SINGLE_FASTER * asked.machine.core.product)
    seconds = folds * (judging_seconds(asked, asked.samples) + distances)
    return with_torch(asked, seconds, mega((20 * asked.samples + 4 * reference) * asked.values, SINGLE))


def judging_seconds(asked: Asked, images: int) -> float:
    seconds = unet(asked.campaign.judge.width, asked) / network_rate(asked) + CALL_SECONDS / 64
    return images * judged_copies(asked.campaign.dataset.size) * seconds


def judged_copies(side: int) -> int:
    """Noisy copies of an image that each network of the judge denoises: at 2 levels, as many as `training.judge.noises`."""
    return 2 * min(max(round(4 * (16 / side) ** 2), 2), 4)


def unet(width: int, asked: Asked) -> float:
    """Multiplications of one pass of one image through a small UNet."""
    return 3.5 * 50 * asked.campaign.dataset.shape.pixels * width**2


def network_rate(asked: Asked) -> float:
    return (asked.machine.core if asked.campaign.training.device == "cpu" else asked.machine.device).network


def critic_training(asked: Asked) -> Demand:
    """2 networks that see all unreal images, and one without each of 4 kinds; and the mosaics that they learn from."""
    critic, shape = asked.campaign.critic, asked.campaign.dataset.shape
    passes = 9 * shape.pixels * critic.width * (shape.channels + critic.width * math.log2(shape.size / 4) / 2)
    networks = 2 + 4
    seconds = networks * critic.steps * (2.5 * 64 * passes / network_rate(asked) + 3 * CALL_SECONDS / 2)
    mosaics = networks * 64 * 16 * 200 * shape.pixels / asked.machine.core.weight
    return with_torch(asked, seconds + mosaics, mega(64 * shape.pixels * critic.width * 8, SINGLE), TRAINING_MB)


def extracting(asked: Asked) -> Demand:
    """Passes of the larger of the sets through somebody else's network."""
    features = asked.campaign.features
    images = max(asked.run.n, asked.campaign.subsets.reference, asked.samples)
    seconds = images * EXTRACTORS[features.extractor] / network_rate(asked) if features.extractor else 0
    return with_torch(asked, seconds + asked.machine.core.start, 1500 + mega(4 * images * asked.values, SINGLE))


def cutting(asked: Asked) -> Demand:
    """Images are read one by one; decoding takes 0.3 ms for a small one and 3 ms for a photograph."""
    images = asked.images - asked.campaign.sampling.count
    return without_torch(asked, 0.0007 * images, mega(0.8 * images * asked.values, SINGLE))


def bringing(asked: Asked) -> Demand:
    """The samples of another model."""
    return without_torch(asked, 0.0007 * asked.samples, mega(2 * asked.samples * asked.values, SINGLE))


def controlling(asked: Asked) -> Demand:
    """Gaussian draws take the covariance of the training images and its root; all else is less."""
    n, values = asked.run.n, asked.values
    products = n * values * min(n, values) + 4 * min(n, values) ** 3
    return without_torch(asked, products / asked.machine.core.product, mega(4 * n * values, DOUBLE))


def disguising(asked: Asked) -> Demand:
    """The training images are read, and some of them changed."""
    return without_torch(asked, 1.0 + asked.run.n * asked.values / 1e8, mega(3 * asked.run.n * asked.values, SINGLE))


def gathering(asked: Asked) -> Demand:
    """Tables of all runs: some 100 rows a run and sample are read."""
    rows = 100 * asked.all_samples
    return without_torch(asked, 0.012 * asked.runs + rows / 1e7, 50 + mega(2 * rows, DOUBLE))


def pairing(asked: Asked) -> Demand:
    """Each two denoisers of a subset: six passes over at most 100 images of each."""
    subsets = len(asked.campaign.subsets.sizes) * len(asked.campaign.subsets.seeds)
    pairs = asked.runs**2 / subsets / 2
    return without_torch(
        asked, gathering(asked).seconds + pairs * (0.001 + 6e-9 * 100 * asked.values), 1e-6 * 800 * asked.runs * asked.values
    )


def page(asked: Asked) -> Demand:
    """The page holds pictures of the samples."""
    tables = gathering(asked)
    pictures = min(asked.all_samples, 20_000) * asked.values
    return Demand(tables.seconds + 4e-7 * pictures, tables.megabytes + mega(4 * pictures, SINGLE))


def drawing(asked: Asked) -> Demand:
    """A figure, from tables of all runs."""
    tables = gathering(asked)
    return Demand(tables.seconds + 1.5 * asked.machine.core.start, 450)


def tracking(asked: Asked) -> Demand:
    tables = gathering(asked)
    return Demand(tables.seconds + asked.machine.core.start + 0.1 * asked.runs, tables.megabytes + 150)


RULES: dict[str, Callable[[Asked], Demand]] = {
    "resolve": small,
    "settings": small,
    "reference": cutting,
    "subset": cutting,
    "subset_neighbours": subset_neighbours,
    "probe": probing,
    "train": training,
    "train_together": training_together,
    "calibrate": calibrating,
    "sample": sampling,
    "control": controlling,
    "converge": converging,
    "external": bringing,
    "neighbours": finding_neighbours,
    "critic": critic_training,
    "train_judge": judge_training,
    "judge": judging,
    "features": extracting,
    "measure": measuring,
    "disguised": disguising,
    "unmask": unmasking,
    "disguises": gathering,
    "copied": gathering,
    "law": lawful,
    "explain": explaining,
    "judges": gathering,
    "summarise": gathering,
    "phase": gathering,
    "times": gathering,
    "check": gathering,
    "explain_seeds": explaining_seeds,
    "explained": gathering,
    "pairs": pairing,
    "claims": gathering,
    "plot": drawing,
    "plot_phase": drawing,
    "plot_times": drawing,
    "plot_claims": drawing,
    "paper": without_torch,
    "report": page,
    "track": tracking,
    "align": gathering,
    "plot_study": gathering,
}
