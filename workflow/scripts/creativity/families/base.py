"""What every family of denoisers says of itself, in one file a family. Nothing heavy is imported here.

A family is a frozen dataclass whose fields are its options. It lies in the file of its name, where the registry finds it. What it
works out from its options for its denoiser is a property: `fields.computed` hands these to the jobs. The methods below serve the
configuration, the scheduler and the figures, and decide no result.
"""

from typing import ClassVar, Literal

from creativity.fields import ImageShape

Kind = Literal["trained", "closed form", "external", "control"]


class Family:
    """A class of denoisers, or what plays one.

    kind: how its samples come about. colour: of its marks in all figures, #RRGGBB, told apart by the colour-blind.
    """

    kind: ClassVar[Kind]
    colour: ClassVar[str]
    family: str

    def check(self, key: str, shape: ImageShape) -> None:
        """Raises ImpossibleError, with the key's path, where the family cannot work on images of this shape."""

    def laws(self) -> tuple[str, ...]:
        """The laws that samples of this family are held against, by the names of the modules in `laws`."""
        return ()

    def refers_to(self) -> str | None:
        """The trained denoiser that an option names, by which this one is calibrated."""
        return None

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """Of one image through the denoiser, to a factor of some; n: the number of training images."""
        raise TypeError(f"the family {self.family} does not say what it costs")

    def activations(self, shape: ImageShape) -> float:
        """Numbers that one layer of a network keeps of one image for the gradient; 0 where nothing is trained."""
        return 0.0


class ClosedForm(Family):
    """A denoiser that is written down from the training images."""

    kind: ClassVar[Kind] = "closed form"

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """Every training image is compared with the image once."""
        return float(n * shape.values)


class Trained(Family):
    """A network that is trained on the training images."""

    kind: ClassVar[Kind] = "trained"


class Dense(Trained):
    """A network of fully connected layers."""

    width: int

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """In and out, and once more between hidden layers for each of `depth`, where there are several."""
        return float(2 * shape.values * self.width + getattr(self, "depth", 1) * self.width**2)

    def activations(self, shape: ImageShape) -> float:
        return float(self.width)


class Convolutional(Trained):
    """A network of convolutions, whose layers hold `width` numbers at every pixel."""

    width: int

    def activations(self, shape: ImageShape) -> float:
        return float(shape.pixels * self.width)
