"""The family `pca-locality`: closed-form denoisers in which each pixel depends on the pixels that it is correlated with."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import ClosedForm, decomposition
from creativity.fields import ImageShape, strict


@strict
class PcaLocality(ClosedForm):
    """The posterior mean of each pixel given the pixels that the best linear denoiser looks at for it, in closed form."""

    colour: ClassVar[str] = "#0077BB"
    family: Literal["pca-locality"]
    cut: Annotated[
        float,
        Field(ge=0, le=1, description="least weight of a pixel that is looked at, over the largest; 0: all pixels, which is bayes"),
    ] = 0.02
    largest: Annotated[
        Literal["matrix", "row"],
        Field(description="the largest weight of all pixels' rows, as in the authors' code, or of the pixel's own row"),
    ] = "matrix"

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """One comparison of the whole masked image with every training image, for each value."""
        return float(n * shape.values**2)

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        """One for each value of each training image."""
        return float(n * shape.values)

    def building(self, n: int, shape: ImageShape) -> float:
        return decomposition(n, shape)
