"""The family `local`: closed-form denoisers in which each pixel depends on a patch around it, and on where the patch lies."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import ClosedForm
from creativity.fields import ImageShape, Name, Natural, odd, strict

PATCH = "side of the patch, an odd number, or a trained denoiser: at each noise level the side that gives most nearly what it gives"


@strict
class Local(ClosedForm):
    """The local score machine, in closed form: a pixel sees the patch around it, and knows where it lies."""

    colour: ClassVar[str] = "#44AA99"
    family: Literal["local"]
    patch: Annotated[Natural | Name, Field(description=PATCH)]

    def __post_init__(self) -> None:
        if isinstance(self.patch, int):
            odd("patch", self.patch)

    def refers_to(self) -> str | None:
        return self.patch if isinstance(self.patch, str) else None

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """Products of single pixels, since sums over patches are carried on from pixel to pixel: the patch does not count."""
        return float(n * shape.pixels * (3 * shape.channels + 2))

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        """One for each pixel of each training image."""
        return float(n * shape.pixels)
