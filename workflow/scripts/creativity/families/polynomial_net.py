"""The family `polynomial-net`: polynomial denoisers that are trained, for comparison with the closed form `polynomial`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import Dense
from creativity.fields import Natural, strict


@strict
class PolynomialNet(Dense):
    """A trained polynomial denoiser: products of affine maps, with weights that depend on the noise level."""

    colour: ClassVar[str] = "#FFAABB"
    family: Literal["polynomial-net"]
    degree: Annotated[Natural, Field(description="total degree of the polynomials")] = 3
    width: Annotated[Natural, Field(description="number of products")] = 512

    def laws(self) -> tuple[str, ...]:
        """The law of polynomials in each coordinate alone, the closest that there is."""
        return ("polynomial",)
