"""The family `linear-net`: affine denoisers that are trained, for comparison with the closed form `linear`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import Dense
from creativity.fields import Natural, strict


@strict
class LinearNet(Dense):
    """A trained affine denoiser, with weights that depend on the noise level."""

    colour: ClassVar[str] = "#663333"
    family: Literal["linear-net"]
    width: Annotated[Natural, Field(description="rank of the map beside the skip path")] = 512

    def laws(self) -> tuple[str, ...]:
        return ("linear",)
