"""The family `bottleneck`: closed-form denoisers that see only the first principal coordinates of the noisy image."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import ClosedForm, decomposition
from creativity.fields import ImageShape, ImpossibleError, Natural, strict


@strict
class Bottleneck(ClosedForm):
    """The best denoiser that sees `dim` numbers of the image, in closed form."""

    colour: ClassVar[str] = "#AA4499"
    family: Literal["bottleneck"]
    dim: Annotated[Natural, Field(description="numbers that the encoder lets through")]
    encoder: Annotated[Literal["pca"], Field(description="the first principal directions of the training set")] = "pca"
    decoder: Annotated[
        Literal["linear", "bayes"], Field(description="the best affine map, or the posterior mean of the training set")
    ] = "linear"

    def check(self, key: str, shape: ImageShape) -> None:
        check_dim(key, self.dim, shape)

    def laws(self) -> tuple[str, ...]:
        return ("rank",) if self.decoder == "linear" else ("bottleneck",)

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """To the numbers that the encoder lets through, and to the image or the mean of the training images."""
        return 2.0 * self.dim * shape.values + (n * (self.dim + shape.values) if self.decoder == "bayes" else 0)

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        return float(n) if self.decoder == "bayes" else 0.0

    def building(self, n: int, shape: ImageShape) -> float:
        return decomposition(n, shape)


def check_dim(key: str, dim: int, shape: ImageShape) -> None:
    """Raises ImpossibleError where more numbers are let through than an image has."""
    if dim > shape.values:
        raise ImpossibleError(f"{key}.dim", dim, f"at most {shape.values}, the values of an image")
