"""Base classes of the families of denoisers: what every family defines besides the denoiser itself.

A family is a frozen dataclass whose fields are its options, in the file of its name. Its properties are values that the denoiser
needs and that are computed from options; they are part of a job's settings. The methods below serve the checks of campaign files,
the scheduler and the figures, and decide no result. Nothing that takes long to import, such as torch, is imported here.
"""

from pathlib import Path
from typing import ClassVar, Literal

from creativity.fields import ImageShape

Kind = Literal["trained", "closed form", "external", "control"]
DROPOUT = "share of the hidden numbers that each step of training leaves out"


class Family:
    """A kind of denoiser with its options, or a set of images that is treated as the samples of one.

    kind: where its samples come from. colour: in all figures, #RRGGBB, distinguishable by the colour-blind. denoises: whether they
    are drawn with a denoiser from the noise that all share. places: the options that say where files lie, which decide no result.
    """

    kind: ClassVar[Kind]
    colour: ClassVar[str]
    denoises: ClassVar[bool] = True
    places: ClassVar[tuple[str, ...]] = ()
    family: str

    def check(self, key: str, shape: ImageShape) -> None:
        """Raises ImpossibleError where the denoiser cannot work on images of this shape. key: its path in the campaign file."""

    def source(self) -> Path | None:
        """The Python file of a user's model, which is part of the code of the jobs that run it; None where there is none."""
        return None

    def fingerprint(self, key: str, shape: ImageShape) -> str | None:
        """A hash of the contents of the files that its options name, code aside; None where they name none.

        Raises ImpossibleError, with the key's path, where such a file is missing or cannot work on images of this shape.
        """
        return None

    def laws(self) -> tuple[str, ...]:
        """The laws (predicted distributions) that its samples are compared with, by the names of the modules in `laws`."""
        return ()

    def refers_to(self) -> str | None:
        """The name of the trained denoiser that this one is calibrated to; None where no option names one."""
        return None

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """How many multiplications one evaluation takes for one image, roughly. n: the number of training images."""
        raise TypeError(f"the family {self.family} does not say what it costs")

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        """How many terms of softmax-weighted means one evaluation takes for one image: each is an exponential, and more."""
        return 0.0

    def building(self, n: int, shape: ImageShape) -> float:
        """How many multiplications it takes to build the denoiser from its training images."""
        return 0.0

    def activations(self, shape: ImageShape) -> float:
        """How many numbers one layer of a network keeps for the gradient, for one image; 0 where nothing is trained."""
        return 0.0


class ClosedForm(Family):
    """A denoiser given by a formula in the training images."""

    kind: ClassVar[Kind] = "closed form"

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """One comparison with every training image, and its share in the mean."""
        return float(2 * n * shape.values)

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        """One for every training image."""
        return float(n)


def decomposition(n: int, shape: ImageShape) -> float:
    """Multiplications of a singular value decomposition of the training images, about 6 n d min(n, d) (Golub & Van Loan)."""
    return 6.0 * n * shape.values * min(n, shape.values)


class Trained(Family):
    """A network that is trained on the training images."""

    kind: ClassVar[Kind] = "trained"


class Dense(Trained):
    """A network of fully connected layers."""

    width: int

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """The first and the last layer, and `depth` hidden layers (1 where there is no such option)."""
        return float(2 * shape.values * self.width + getattr(self, "depth", 1) * self.width**2)

    def activations(self, shape: ImageShape) -> float:
        return float(self.width)


class Convolutional(Trained):
    """A network of convolutions, with `width` channels at full resolution."""

    width: int

    @staticmethod
    def channels(width: int) -> int:
        """So many channels cost at least as much as 8, since a processor's vector holds as many numbers."""
        return max(width, 8)

    def activations(self, shape: ImageShape) -> float:
        return float(shape.pixels * self.width)


class Brought(Family):
    """A denoiser that a user brings as files. Its code is not run while planning: the job `probe` measures what it costs."""

    kind: ClassVar[Kind] = "external"

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """0: not known before the measurement, which the jobs that need it wait for."""
        return 0.0
