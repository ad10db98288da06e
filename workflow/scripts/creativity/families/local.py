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
        return float(n * shape.values * patch_area(self.patch))


def patch_area(patch: int | str) -> int:
    """Pixels of a patch; 1 where a network decides its side, which is not known before the run."""
    return patch**2 if isinstance(patch, int) else 1
