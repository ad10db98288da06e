"""The family `bottleneck`: closed-form denoisers that see only the first principal coordinates of the noisy image."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import ClosedForm
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


def check_dim(key: str, dim: int, shape: ImageShape) -> None:
    """Raises ImpossibleError where more numbers are let through than an image has."""
    if dim > shape.values:
        raise ImpossibleError(f"{key}.dim", dim, f"at most {shape.values}, the values of an image")
