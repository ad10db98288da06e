"""What a campaign file may contain: one frozen dataclass for each of its sections, with defaults, limits and checks.

An edit of this file alone makes no result stale: the values of the fields and properties reach a job as its settings, and only
these count. Nothing that takes long to import, such as torch, is imported here.
"""

from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import Field

from creativity import families
from creativity.families.base import Family
from creativity.families.control import CONTROLS
from creativity.fields import (
    DEVICE,
    Fraction,
    ImageShape,
    ImpossibleError,
    Name,
    Natural,
    Positive,
    RangeOfNumbers,
    Seed,
    Text,
    distinct,
    modules_in,
    strict,
)

PACKAGE = Path(__file__).parent.parent
FIRST_LOG = 10  # step of the first of training.log_checkpoints
INCEPTION, TORCHSCRIPT = "inception", "torchscript"
Extractor = Literal["inception", "dinov2-vits14", "dinov2-vitb14", "dinov2-vitl14", "dinov2-vitg14", "torchscript"]
Channels = tuple[float, float, float]
IMAGENET: tuple[Channels, Channels] = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))  # mean and deviation of its channels
if TYPE_CHECKING:
    DatasetName: TypeAlias = str
    Space: TypeAlias = str
    Sampler: TypeAlias = str
    Size: TypeAlias = int
    Heldout: TypeAlias = int
    Reference: TypeAlias = int
    Count: TypeAlias = int
    AnyFamily: TypeAlias = Family
else:  # each file of these folders is one allowed name
    DatasetName = Literal[modules_in(PACKAGE / "data/sets")]
    Space = Literal[modules_in(PACKAGE / "neighbours/spaces")]
    Sampler = Literal[modules_in(PACKAGE / "sampling/samplers")]
    Size = Natural | Literal["all"]  # in a campaign as it is written; before anything uses them, creativity.data.counts
    Heldout = Annotated[int, Field(ge=2)] | None  # puts numbers in their place
    Reference = Annotated[int, Field(ge=8)] | None
    Count = Annotated[int, Field(ge=8)] | None
    SELECTABLE = tuple(family for family in families.registry().values() if family.kind != "control")
    AnyFamily = Annotated[reduce(or_, SELECTABLE), Field(discriminator="family")]


@strict
class Dataset:
    """Which images, and how they are brought to one size."""

    name: Annotated[DatasetName, Field(description="the data set")]
    size: Annotated[int, Field(ge=4, le=1024, description="side of the square images, in pixels")]
    color: Annotated[bool, Field(description="keep three channels instead of one grey channel")] = False
    crop: Annotated[
        Literal["center", "none"],
        Field(description="cut the largest central square first, or squeeze the whole image into the square"),
    ] = "center"
    path: Annotated[
        Text | None,
        Field(
            description="the images (image-folder): a folder of images or of Parquet files, a Parquet file with a column named "
            "image, or an .npy or .npz file; else where torchvision keeps its copy; null: data/"
        ),
    ] = None
    shuffle: Annotated[
        Seed | None,
        Field(
            description="seed of a permutation of the pixels, one for all images: a control in which no pixel has neighbours; "
            "null: none"
        ),
    ] = None
    train: Annotated[
        Text | None,
        Field(
            description="the images that are trained on, as in `path`, so that those in `path` are held-out and reference "
            "images alone (image-folder); null: all sets are cut from `path`"
        ),
    ] = None
    range: RangeOfNumbers = None
    repeats: Annotated[
        bool,
        Field(description="images may repeat, within a set and on two sides: novelty is then not asked of the controls"),
    ] = False

    def __post_init__(self) -> None:
        if self.name == "image-folder" and self.path is None:
            raise ImpossibleError("path", None, "the folder that holds the images, since name is image-folder")
        if self.name != "image-folder" and self.range is not None:
            raise ImpossibleError("range", self.range, f"null, since name is {self.name} and not image-folder")
        if self.name != "image-folder" and self.train is not None:
            raise ImpossibleError("train", self.train, f"null, since name is {self.name} and not image-folder")

    @property
    def shape(self) -> ImageShape:
        """Side and channels of all images of the campaign."""
        return ImageShape(self.size, 3 if self.color else 1)


@strict
class Subsets:
    """Which disjoint sets of images are cut: train, held-out and reference."""

    sizes: Annotated[
        tuple[Size, ...],
        Field(
            min_length=1,
            description="numbers of training images; all: all in dataset.train, else what held-out and reference leave, or half",
        ),
    ]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, description="seeds of the choice of images")] = (0,)
    heldout: Annotated[
        Heldout,
        Field(description="number of held-out images, which only ever play a generator; null: half of what is not trained"),
    ] = None  # type: ignore[assignment]
    reference: Annotated[
        Reference, Field(description="number of reference images, the real side of every measure; null: what is left")
    ] = None  # type: ignore[assignment]
    split: Annotated[
        Literal["image", "group"],
        Field(description="what never stands on two sides: an image, or a group such as a person where it is known"),
    ] = "image"
    disjoint: Annotated[bool, Field(description="training images of different seeds are disjoint too")] = False

    def __post_init__(self) -> None:
        distinct("sizes", self.sizes)
        distinct("seeds", self.seeds)

    @property
    def new(self) -> dict[str, int]:
        """How many new, real images samples are compared with, by what sets the number: with split: group training images, too."""
        left_out = {"subsets.sizes, with split: group": min(self.sizes)} if self.split == "group" else {}
        return {"subsets.heldout": self.heldout} | left_out


@strict
class Training:
    """How networks are trained (EDM, Karras et al. 2022), the same for all."""

    steps: Annotated[int, Field(ge=4, description="optimiser steps")] = 2000
    batch_size: Annotated[Natural, Field(description="noisy images a step")] = 32
    learning_rate: Annotated[Positive, Field(description="Adam's step size after the warm-up")] = 2e-3
    warmup: Annotated[float, Field(ge=0, lt=1, description="share of the steps in which the learning rate rises")] = 0.02
    ema: Annotated[float, Field(ge=0, lt=1, description="decay of the averaged weights, itself warmed up; 0: no averaging")] = 0.995
    clip: Annotated[Positive, Field(description="largest norm of the gradient")] = 1.0
    flip: Annotated[bool, Field(description="show each training image as it is or mirrored, at random")] = False
    p_mean: Annotated[float, Field(allow_inf_nan=False, description="mean of ln sigma in training")] = -1.2
    p_std: Annotated[Positive, Field(description="standard deviation of ln sigma in training")] = 1.2
    checkpoints: Annotated[
        tuple[Fraction, ...],
        Field(min_length=1, description="shares of the steps at which losses and nearest distances are measured; ends with 1"),
    ] = (0.25, 0.5, 1.0)
    log_checkpoints: Annotated[
        int | None,
        Field(
            ge=2,
            description="besides those, so many checkpoints at steps spaced evenly in their logarithm, from step 10 to the last, "
            "for when a training begins to copy; null: none",
        ),
    ] = None
    precision: Annotated[
        Literal["auto", "float32", "bfloat16", "float16"],
        Field(description="auto: float32 on the CPU, bfloat16 autocast on a GPU"),
    ] = "auto"
    compile: Annotated[bool, Field(description="use torch.compile on a GPU")] = False
    together: Annotated[
        bool,
        Field(
            description="train a denoiser on all subsets of a size with all seeds in one job, in common steps: for small networks"
        ),
    ] = False
    device: Annotated[str, Field(pattern=DEVICE, description="auto, cpu, mps, cuda or cuda:N")] = "auto"

    def __post_init__(self) -> None:
        if self.checkpoints[-1] != 1 or list(self.checkpoints) != sorted(set(self.checkpoints)):
            raise ImpossibleError("checkpoints", list(self.checkpoints), "rising shares that end with 1")

    @property
    def checkpoint_steps(self) -> tuple[int, ...]:
        """The steps of `checkpoints` and of `log_checkpoints`, rising; the last step is one.

        >>> Training(steps=1000, checkpoints=(1.0,), log_checkpoints=5).checkpoint_steps
        (10, 32, 100, 316, 1000)
        >>> Training(steps=1000).checkpoint_steps
        (250, 500, 1000)
        """
        shares, number = [max(1, round(share * self.steps)) for share in self.checkpoints], self.log_checkpoints or 0
        first = min(FIRST_LOG, self.steps)
        spaced = [round(first * (self.steps / first) ** (i / (number - 1))) for i in range(number)]
        return tuple(sorted({*shares, *spaced}))


@strict
class Sampling:
    """How images are drawn, from the same noise for all denoisers."""

    seed: Annotated[Seed, Field(description="seed of the noise; sample i depends on it, on the shape and on i alone")] = 0
    count: Annotated[
        Count,
        Field(
            description="samples of every denoiser and control, at most subsets.heldout; null: as many as that, or as the fewest "
            "images of an external model"
        ),
    ] = None  # type: ignore[assignment]
    sampler: Annotated[Sampler, Field(description="how x goes from level to level; heun-churn adds fresh noise")] = "heun"
    steps: Annotated[int, Field(ge=2, description="steps of the Karras schedule")] = 20
    sigma_min: Annotated[Positive, Field(description="lowest noise level before 0")] = 0.002
    sigma_max: Annotated[Positive, Field(description="noise level of the start")] = 80.0
    rho: Annotated[Positive, Field(description="exponent of the schedule: large values dwell at low noise")] = 7.0
    churn: Annotated[float, Field(ge=0, description="fresh noise of heun-churn over all steps (S_churn of Karras et al. 2022)")] = (
        40.0
    )
    churn_low: Annotated[float, Field(ge=0, description="lowest noise level at which it is added (S_tmin)")] = 0.05
    churn_high: Annotated[Positive, Field(description="highest noise level at which it is added (S_tmax)")] = 50.0
    churn_scale: Annotated[Positive, Field(description="its standard deviation over what the level asks for (S_noise)")] = 1.003
    batch_size: Annotated[Natural, Field(description="samples held at once; results do not depend on it")] = 256
    max_hours: Annotated[
        Positive, Field(description="most hours that drawing the samples of one closed form may take, by estimate")
    ] = 24.0

    def __post_init__(self) -> None:
        if self.sigma_min >= self.sigma_max:
            raise ImpossibleError("sigma_min", self.sigma_min, f"less than sigma_max = {self.sigma_max}")


@strict
class Neighbours:
    """How the nearest training images are searched."""

    k: Annotated[int, Field(ge=2, description="nearest training images kept for every sample")] = 5
    spaces: Annotated[
        tuple[Space, ...], Field(min_length=1, description="spaces in which neighbours are searched; pixel is always one")
    ] = ("pixel", "pca", "aligned", "halves")
    mirrored: Annotated[bool, Field(description="search the mirror images of the training set too")] = True
    tile: Annotated[
        Natural | None, Field(description="least side of the tiles whose provenance is traced; null: a quarter of the image")
    ] = None
    device: Annotated[str, Field(pattern=DEVICE, description="auto, cpu, mps, cuda or cuda:N")] = "cpu"

    def __post_init__(self) -> None:
        distinct("spaces", self.spaces)
        if "pixel" not in self.spaces:
            raise ImpossibleError("spaces", list(self.spaces), "a list with pixel in it: samples are judged there")


@strict
class Judge:
    """How the judge of realism is trained: denoisers of real images alone, each on all but one fold of the reference."""

    steps: Annotated[int, Field(ge=4, description="optimiser steps of each fold's network")] = 500
    folds: Annotated[int, Field(ge=2, le=8, description="parts of the reference, each left out by one network")] = 4
    width: Annotated[Natural, Field(description="channels at full resolution")] = 16
    batch_size: Annotated[Natural, Field(description="noisy images a step")] = 32


@strict
class Critic:
    """How critics of realism are trained: small networks that tell the reference from unreal images made of it."""

    steps: Annotated[int, Field(ge=0, description="optimiser steps of each critic; 0: no critic")] = 0
    width: Annotated[Natural, Field(description="channels at full resolution, doubled where the side is halved")] = 16
    learning_rate: Annotated[Positive, Field(description="AdamW's largest step size")] = 1e-2


@strict
class Features:
    """A network that others trained, in whose features samples and sets of images are compared too."""

    extractor: Annotated[Extractor | None, Field(description="the network; null: none")] = None
    weights: Annotated[
        str | None,
        Field(description="file of its weights, or the TorchScript file; docs/measures.md says where to fetch it"),
    ] = None
    size: Annotated[Natural, Field(description="side of the images that a TorchScript network is shown, in pixels")] = 224
    mean: Annotated[Channels, Field(description="of the channels in 0..1, taken off before (torchscript); ImageNet's")] = IMAGENET[
        0
    ]
    deviation: Annotated[
        tuple[Positive, Positive, Positive],
        Field(description="of the channels, by which they are divided (torchscript); ImageNet's"),
    ] = IMAGENET[1]

    def __post_init__(self) -> None:
        if (self.extractor is None) != (self.weights is None):
            allowed = "null, since there is no extractor" if self.extractor is None else f"the file of {self.extractor}'s weights"
            raise ImpossibleError("weights", self.weights, allowed)
        for name, default in (("size", 224), ("mean", IMAGENET[0]), ("deviation", IMAGENET[1])):
            if self.extractor != TORCHSCRIPT and getattr(self, name) != default:
                raise ImpossibleError(name, getattr(self, name), f"no such key, since extractor is not {TORCHSCRIPT}")


@strict
class Tracking:
    """Where MLflow keeps its view of the results."""

    uri: Annotated[str | None, Field(description="address of an MLflow server or store; null: results/mlflow/mlflow.db")] = None
    live: Annotated[bool, Field(description="show the curves of trainings while they run, on a server")] = False


@strict
class Campaign:
    """One question asked of many architectures: everything that a run of the workflow depends on."""

    campaign: Annotated[Name, Field(description="name of the campaign and of its folder in results/")]
    dataset: Dataset
    subsets: Subsets
    denoisers: Annotated[dict[Name, AnyFamily], Field(min_length=1, description="the denoisers, by the name of their folder")]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, description="seeds of training; closed forms have seed 0 only")] = (0,)
    training: Training = Training()
    sampling: Sampling = Sampling()
    neighbours: Neighbours = Neighbours()
    judge: Judge = Judge()
    critic: Critic = Critic()
    features: Features = Features()
    tracking: Tracking = Tracking()

    def __post_init__(self) -> None:
        distinct("seeds", self.seeds)
        size = self.dataset.size
        networks = [name for name, family in self.denoisers.items() if family.kind == "trained"]
        for name, family in self.denoisers.items():
            if name in CONTROLS:
                raise ImpossibleError(f"denoisers.{name}", name, f"a name other than those of the controls, {', '.join(CONTROLS)}")
            family.check(f"denoisers.{name}", self.dataset.shape)
            network = family.refers_to()
            if network is not None and network not in networks:
                allowed = f"an odd number, or a trained denoiser of this campaign: {', '.join(networks) or 'there is none'}"
                raise ImpossibleError(f"denoisers.{name}.patch", network, allowed)
        if self.dataset.shuffle is not None:
            self.check_shuffled()
        if self.campaign == "mlflow":
            raise ImpossibleError("campaign", "mlflow", "another name, since results/mlflow/ is MLflow's")
        count, heldout, sizes = self.sampling.count, self.subsets.heldout, self.subsets.sizes
        if None not in (count, heldout) and count > heldout:
            raise ImpossibleError("sampling.count", count, f"at most subsets.heldout = {heldout}")
        smallest = min((size for size in sizes if size != "all"), default=None)  # type: ignore[comparison-overlap]
        if smallest is not None and self.neighbours.k > smallest - 1:
            allowed = f"at most {smallest - 1}, one less than the smallest of subsets.sizes"
            raise ImpossibleError("neighbours.k", self.neighbours.k, allowed)
        if self.tile > size // 2:
            raise ImpossibleError("neighbours.tile", self.neighbours.tile, f"at most half of dataset.size = {size}")

    def check_shuffled(self) -> None:
        """Raises ImpossibleError where a section asks for mirror images or neighbourhoods, of which shuffled images have none."""
        why = f"since dataset.shuffle = {self.dataset.shuffle} leaves no"
        if self.training.flip:
            raise ImpossibleError("training.flip", True, f"false, {why} mirror images")
        if self.neighbours.mirrored:
            raise ImpossibleError("neighbours.mirrored", True, f"false, {why} mirror images")
        if "aligned" in self.neighbours.spaces:
            raise ImpossibleError("neighbours.spaces", list(self.neighbours.spaces), f"a list without aligned, {why} shifts")

    @property
    def tile(self) -> int:
        """Least side of the tiles: neighbours.tile, or a quarter of the image, and not one pixel; see `neighbours.tiles`."""
        return self.neighbours.tile or max(self.dataset.size // 4, 2)
