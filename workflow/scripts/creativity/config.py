"""What a campaign is: one frozen dataclass a section and a family, each with its checks. Nothing heavy is imported here.

These classes only say what is allowed. What they resolve to reaches a job through its parameters, so an edit of this
file alone makes no result stale.
"""

import math
from typing import Annotated, ClassVar, Literal, TypeGuard

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"  # what may name a folder on every system, and a Snakemake wildcard
Name = Annotated[str, Field(pattern=NAME, max_length=64)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Natural = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Fraction = Annotated[float, Field(gt=0, le=1)]
DATASETS = Literal[
    "orl-faces", "fashion-mnist", "mnist", "cifar10", "celeba", "image-folder",
    "gaussian-field", "low-rank", "texture", "templates", "moment-matched",
]  # fmt: skip
Padding = Literal["zeros", "circular"]
Space = Literal["pixel", "pca"]
DEVICE = r"^(auto|cpu|mps|cuda(:\d+)?)$"
INCEPTION = "inception"
Extractor = Literal["inception", "dinov2-vits14", "dinov2-vitb14", "dinov2-vitl14", "dinov2-vitg14"]

strict = dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", strict=True))


class ImpossibleError(ValueError):
    """A value of the right type that cannot work: the key's path from the top, what was found and what is allowed."""

    def __init__(self, key: str, found: object, allowed: str) -> None:
        super().__init__(f"{key}: found {found!r}; allowed: {allowed}")
        self.key, self.found, self.allowed = key, found, allowed


def distinct(key: str, values: tuple[object, ...]) -> None:
    """Raises ImpossibleError where a value stands twice."""
    if len(set(values)) < len(values):
        raise ImpossibleError(key, list(values), "each value once")


def odd(key: str, value: int) -> None:
    """Raises ImpossibleError where a side is even: then it has no middle."""
    if value % 2 == 0:
        raise ImpossibleError(key, value, "an odd number")


@strict
class Dataset:
    """Which images, and how they are brought to one size."""

    name: Annotated[DATASETS, Field(description="the data set")]
    size: Annotated[int, Field(ge=4, le=1024, description="side of the square images, in pixels")]
    color: Annotated[bool, Field(description="keep three channels instead of one grey channel")] = False
    crop: Annotated[
        Literal["center", "none"],
        Field(description="cut the largest central square first, or squeeze the whole image into the square"),
    ] = "center"
    path: Annotated[
        str | None,
        Field(description="folder of the images (image-folder), or where torchvision keeps its copy; null: data/"),
    ] = None
    train: Annotated[
        str | None,
        Field(
            description="folder of the images that are trained on, so that those in `path` are held-out and reference "
            "images alone (image-folder); null: all sets are cut from `path`"
        ),
    ] = None
    repeats: Annotated[
        bool,
        Field(description="images may repeat, within a set and on two sides: novelty is then not asked of the controls"),
    ] = False

    def __post_init__(self) -> None:
        if self.name == "image-folder" and self.path is None:
            raise ImpossibleError("path", None, "the folder that holds the images, since name is image-folder")
        if self.name != "image-folder" and self.train is not None:
            raise ImpossibleError("train", self.train, f"null, since name is {self.name} and not image-folder")

    @property
    def values(self) -> int:
        """Numbers in one image."""
        return self.size**2 * (3 if self.color else 1)


@strict
class Subsets:
    """Which disjoint sets of images are cut: train, held-out and reference."""

    sizes: Annotated[tuple[Natural, ...], Field(min_length=1, description="numbers of training images")]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, description="seeds of the choice of images")] = (0,)
    heldout: Annotated[int, Field(ge=2, description="number of held-out images, which only ever play a generator")]
    reference: Annotated[int, Field(ge=8, description="number of reference images, the real side of every measure")]
    split: Annotated[
        Literal["image", "group"],
        Field(description="what never stands on two sides: an image, or a group such as a person where it is known"),
    ] = "image"
    disjoint: Annotated[bool, Field(description="training images of different seeds are disjoint too")] = False

    def __post_init__(self) -> None:
        distinct("sizes", self.sizes)
        distinct("seeds", self.seeds)

    @property
    def needed(self) -> int:
        """Images that must exist: all sides of one seed, or of all seeds where those are disjoint."""
        return self.reference + self.heldout + max(self.sizes) * (len(self.seeds) if self.disjoint else 1)


@strict
class Bayes:
    """The posterior mean of the training set, in closed form: it can only copy."""

    kind: ClassVar[str] = "closed form"
    family: Literal["bayes"]


@strict
class Linear:
    """The best affine denoiser, in closed form: it knows the mean and the covariance alone."""

    kind: ClassVar[str] = "closed form"
    family: Literal["linear"]


@strict
class Polynomial:
    """The best polynomial denoiser, in closed form: it knows the moments of the target up to twice its degree."""

    kind: ClassVar[str] = "closed form"
    family: Literal["polynomial"]
    degree: Annotated[Natural, Field(description="degree of the polynomials")] = 3
    basis: Annotated[
        Literal["coordinate", "total"],
        Field(description="each principal coordinate from itself alone, or from all by total degree (at most 16 values an image)"),
    ] = "coordinate"


@strict
class Bottleneck:
    """The best denoiser that sees `dim` numbers of the image, in closed form."""

    kind: ClassVar[str] = "closed form"
    family: Literal["bottleneck"]
    dim: Annotated[Natural, Field(description="numbers that the encoder lets through")]
    encoder: Annotated[Literal["pca"], Field(description="the first principal directions of the training set")] = "pca"
    decoder: Annotated[
        Literal["linear", "bayes"], Field(description="the best affine map, or the posterior mean of the training set")
    ] = "linear"


PATCH = "side of the patch, an odd number, or a trained denoiser: at each noise level the side that gives most nearly what it gives"


@strict
class Local:
    """The local score machine, in closed form: a pixel sees the patch around it, and knows where it lies."""

    kind: ClassVar[str] = "closed form"
    family: Literal["local"]
    patch: Annotated[Natural | Name, Field(description=PATCH)]

    def __post_init__(self) -> None:
        if isinstance(self.patch, int):
            odd("patch", self.patch)


@strict
class EquivariantLocal:
    """The equivariant local score machine, in closed form: a pixel sees the patch around it, and not where it lies."""

    kind: ClassVar[str] = "closed form"
    family: Literal["equivariant-local"]
    patch: Annotated[Natural | Name, Field(description=PATCH)]
    border: Annotated[
        Literal["broken", "circular"],
        Field(description="a patch competes with those that the border cuts alike, or patches are wrapped and all compete"),
    ] = "broken"

    def __post_init__(self) -> None:
        if isinstance(self.patch, int):
            odd("patch", self.patch)


@strict
class Mlp:
    """A fully connected network: every pixel sees every pixel."""

    kind: ClassVar[str] = "trained"
    family: Literal["mlp"]
    width: Annotated[Natural, Field(description="numbers in each hidden layer")] = 512
    depth: Annotated[Natural, Field(description="hidden layers")] = 3


@strict
class Cnn:
    """Convolutions at full resolution, without normalisation over space: its receptive field is 1 + (depth + 1) (kernel - 1)."""

    kind: ClassVar[str] = "trained"
    family: Literal["cnn"]
    width: Annotated[Natural, Field(description="channels")] = 32
    depth: Annotated[Natural, Field(description="hidden layers")] = 4
    kernel: Annotated[int, Field(ge=1, description="side of the kernels, an odd number")] = 3
    padding: Annotated[Padding, Field(description="what stands beyond the border")] = "zeros"

    def __post_init__(self) -> None:
        odd("kernel", self.kernel)


@strict
class Unet:
    """A UNet: residual blocks on a pyramid of pooled resolutions."""

    kind: ClassVar[str] = "trained"
    family: Literal["unet"]
    pooling: Annotated[int, Field(ge=0, le=4, description="pooling layers: how often the side is halved")] = 3
    width: Annotated[Natural, Field(description="channels at full resolution")] = 16
    multipliers: Annotated[
        tuple[Natural, ...] | None,
        Field(description="width of each level over `width`, pooling + 1 numbers; null: the first of 1, 2, 4, 4, 4"),
    ] = None
    blocks: Annotated[Natural, Field(description="residual blocks a level, on the way down and on the way up")] = 1
    skips: Annotated[bool, Field(description="hand each level's result across to the way up")] = True
    attention: Annotated[
        tuple[Annotated[int, Field(ge=0, le=4)], ...],
        Field(description="levels with self-attention, 0 being the full resolution"),
    ] = ()
    padding: Annotated[Padding, Field(description="what stands beyond the border")] = "zeros"

    def __post_init__(self) -> None:
        if self.multipliers is not None and len(self.multipliers) != self.pooling + 1:
            allowed = f"pooling + 1 = {self.pooling + 1} numbers, one a level"
            raise ImpossibleError("multipliers", list(self.multipliers), allowed)
        distinct("attention", self.attention)
        if any(level > self.pooling for level in self.attention):
            raise ImpossibleError("attention", list(self.attention), f"levels from 0 to pooling = {self.pooling}")

    @property
    def level_multipliers(self) -> tuple[int, ...]:
        return self.multipliers or (1, 2, 4, 4, 4)[: self.pooling + 1]


@strict
class LinearNet:
    """A trained affine denoiser, with weights that depend on the noise level."""

    kind: ClassVar[str] = "trained"
    family: Literal["linear-net"]
    width: Annotated[Natural, Field(description="rank of the map beside the skip path")] = 512


@strict
class PolynomialNet:
    """A trained polynomial denoiser: products of affine maps, with weights that depend on the noise level."""

    kind: ClassVar[str] = "trained"
    family: Literal["polynomial-net"]
    degree: Annotated[Natural, Field(description="total degree of the polynomials")] = 3
    width: Annotated[Natural, Field(description="number of products")] = 512


@strict
class Autoencoder:
    """A trained bottleneck: the image passes through `dim` numbers, and nothing passes by."""

    kind: ClassVar[str] = "trained"
    family: Literal["autoencoder"]
    dim: Annotated[Natural, Field(description="numbers that the encoder lets through")]
    encoder: Annotated[Literal["linear", "mlp"], Field(description="an affine map or an MLP, both told the noise level")] = "mlp"
    decoder: Annotated[Literal["linear", "mlp"], Field(description="an affine map or an MLP, both told the noise level")] = "mlp"
    width: Annotated[Natural, Field(description="numbers in each hidden layer of an MLP")] = 512
    depth: Annotated[Natural, Field(description="hidden layers of an MLP")] = 3


@strict
class External:
    """Images that another model generated: they are measured beside the campaign's own denoisers and controls."""

    kind: ClassVar[str] = "external"
    family: Literal["external"]
    path: Annotated[str, Field(min_length=1, description="folder of image files, or a Parquet file with a column named image")]


@strict
class Control:
    """A set of images that plays a denoiser, so that every measure is seen to work."""

    kind: ClassVar[str] = "control"
    family: Literal["copier", "held-out", "blurred", "gaussian", "noise"]


Trained = Mlp | Cnn | Unet | LinearNet | PolynomialNet | Autoencoder
ClosedForm = Bayes | Linear | Polynomial | Bottleneck | Local | EquivariantLocal
Family = Annotated[ClosedForm | Trained | External, Field(discriminator="family")]


def calibrated(family: Family) -> TypeGuard[Local | EquivariantLocal]:
    """Whether a denoiser's patch follows a trained denoiser, which it names."""
    return isinstance(family, Local | EquivariantLocal) and isinstance(family.patch, str)


TERMS = 1000  # of a polynomial in all coordinates: as many equations are solved at every noise level


def check_fit(key: str, family: Family, dataset: Dataset) -> None:
    """Raises ImpossibleError where a family cannot work on the images of a data set."""
    size, values = dataset.size, dataset.values
    match family:
        case Unet(pooling=pooling) if size % 2**pooling:
            depth = (size & -size).bit_length() - 1
            allowed = f"0 to {min(depth, 4)}, since dataset.size {size} can be halved only so often"
            raise ImpossibleError(f"{key}.pooling", pooling, allowed)
        case Polynomial(basis="total") if values > 16:
            raise ImpossibleError(f"{key}.basis", "total", f"coordinate, since an image has {values} values, more than 16")
        case Polynomial(basis="total", degree=degree) if math.comb(values + degree, degree) > TERMS:
            most = max(k for k in range(1, degree) if math.comb(values + k, k) <= TERMS)
            raise ImpossibleError(f"{key}.degree", degree, f"at most {most} for {values} values an image and basis total")
        case Bottleneck(dim=dim) | Autoencoder(dim=dim) if dim > values:
            raise ImpossibleError(f"{key}.dim", dim, f"at most {values}, the values of an image")
        case EquivariantLocal(patch=int(patch), border="circular") if patch > size:
            raise ImpossibleError(f"{key}.patch", patch, f"at most dataset.size = {size}, since it is wrapped around the image")


CONTROLS: dict[str, Control] = {
    name: Control(family=name)  # type: ignore[call-arg]
    for name in ("copier", "held-out", "blurred", "gaussian", "noise")
}


@strict
class Training:
    """How networks are trained (EDM, Karras et al. 2022), the same for all."""

    steps: Annotated[int, Field(ge=4, description="optimiser steps")] = 2000
    batch_size: Annotated[Natural, Field(description="noisy images a step")] = 32
    learning_rate: Annotated[Positive, Field(description="Adam's step size after the warm-up")] = 2e-3
    warmup: Annotated[float, Field(ge=0, lt=1, description="share of the steps in which the learning rate rises")] = 0.02
    ema: Annotated[float, Field(ge=0, lt=1, description="decay of the averaged weights, itself warmed up; 0: no averaging")] = 0.995
    clip: Annotated[Positive, Field(description="largest norm of the gradient")] = 1.0
    p_mean: Annotated[float, Field(allow_inf_nan=False, description="mean of ln sigma in training")] = -1.2
    p_std: Annotated[Positive, Field(description="standard deviation of ln sigma in training")] = 1.2
    checkpoints: Annotated[
        tuple[Fraction, ...],
        Field(min_length=1, description="shares of the steps at which losses and nearest distances are measured; ends with 1"),
    ] = (0.25, 0.5, 1.0)
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


@strict
class Sampling:
    """How images are drawn, from the same noise for all denoisers."""

    seed: Annotated[Seed, Field(description="seed of the noise; sample i depends on it, on the shape and on i alone")] = 0
    count: Annotated[int, Field(ge=8, description="samples of every denoiser and control, at most subsets.heldout")]
    sampler: Annotated[Literal["heun", "euler"], Field(description="solver of the probability-flow equation")] = "heun"
    steps: Annotated[int, Field(ge=2, description="steps of the Karras schedule")] = 20
    sigma_min: Annotated[Positive, Field(description="lowest noise level before 0")] = 0.002
    sigma_max: Annotated[Positive, Field(description="noise level of the start")] = 80.0
    rho: Annotated[Positive, Field(description="exponent of the schedule: large values dwell at low noise")] = 7.0
    batch_size: Annotated[Natural, Field(description="samples held at once; results do not depend on it")] = 256

    def __post_init__(self) -> None:
        if self.sigma_min >= self.sigma_max:
            raise ImpossibleError("sigma_min", self.sigma_min, f"less than sigma_max = {self.sigma_max}")


@strict
class Neighbours:
    """How the nearest training images are searched."""

    k: Annotated[int, Field(ge=2, description="nearest training images kept for every sample")] = 5
    spaces: Annotated[tuple[Space, ...], Field(min_length=1, description="pixel, pca or both")] = ("pixel", "pca")
    mirrored: Annotated[bool, Field(description="search the mirror images of the training set too")] = True
    tile: Annotated[
        Natural | None, Field(description="side of the tiles whose provenance is traced; null: a quarter of the image")
    ] = None
    device: Annotated[str, Field(pattern=DEVICE, description="auto, cpu, mps, cuda or cuda:N")] = "cpu"

    def __post_init__(self) -> None:
        distinct("spaces", self.spaces)
        if "pixel" not in self.spaces:
            raise ImpossibleError("spaces", list(self.spaces), "a list with pixel in it: samples are judged there")


@strict
class Critic:
    """How critics of realism are trained: small networks that tell the reference from unreal images made of it."""

    steps: Annotated[int, Field(ge=0, description="optimiser steps of each critic; 0: no critic")] = 0
    width: Annotated[Natural, Field(description="channels at full resolution, doubled where the side is halved")] = 16
    learning_rate: Annotated[Positive, Field(description="AdamW's largest step size")] = 1e-2


@strict
class Features:
    """A network that others trained, in whose features sets of images are compared too."""

    extractor: Annotated[Extractor | None, Field(description="the network; null: none")] = None
    weights: Annotated[
        str | None,
        Field(description="file of its weights; docs/measures.md says where to fetch it"),
    ] = None

    def __post_init__(self) -> None:
        if (self.extractor is None) != (self.weights is None):
            allowed = "null, since there is no extractor" if self.extractor is None else f"the file of {self.extractor}'s weights"
            raise ImpossibleError("weights", self.weights, allowed)


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
    denoisers: Annotated[dict[Name, Family], Field(min_length=1, description="the denoisers, by the name of their folder")]
    seeds: Annotated[tuple[Seed, ...], Field(min_length=1, description="seeds of training; closed forms have seed 0 only")] = (0,)
    training: Training = Training()
    sampling: Sampling
    neighbours: Neighbours = Neighbours()
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
            check_fit(f"denoisers.{name}", family, self.dataset)
            if calibrated(family) and family.patch not in networks:
                allowed = f"an odd number, or a trained denoiser of this campaign: {', '.join(networks) or 'there is none'}"
                raise ImpossibleError(f"denoisers.{name}.patch", family.patch, allowed)
        if self.sampling.count > self.subsets.heldout:
            raise ImpossibleError("sampling.count", self.sampling.count, f"at most subsets.heldout = {self.subsets.heldout}")
        if self.neighbours.k > min(self.subsets.sizes) - 1:
            allowed = f"at most {min(self.subsets.sizes) - 1}, one less than the smallest of subsets.sizes"
            raise ImpossibleError("neighbours.k", self.neighbours.k, allowed)
        if size % self.tile:
            raise ImpossibleError("neighbours.tile", self.neighbours.tile, f"a divisor of dataset.size = {size}")

    @property
    def tile(self) -> int:
        return self.neighbours.tile or max(d for d in range(1, self.dataset.size // 4 + 1) if self.dataset.size % d == 0)
