"""The family `cnn`: convolutional networks at full resolution."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import DROPOUT, Convolutional
from creativity.fields import Dropped, ImageShape, Natural, Padding, odd, strict


@strict
class Cnn(Convolutional):
    """Convolutions at full resolution, without normalisation over space: its receptive field is 1 + (depth + 1) (kernel - 1)."""

    colour: ClassVar[str] = "#88CCEE"
    family: Literal["cnn"]
    width: Annotated[Natural, Field(description="channels")] = 32
    depth: Annotated[Natural, Field(description="hidden layers")] = 4
    kernel: Annotated[int, Field(ge=1, description="side of the kernels, an odd number")] = 3
    padding: Annotated[Padding, Field(description="what stands beyond the border")] = "zeros"
    dropout: Annotated[Dropped, Field(description=DROPOUT)] = 0.0

    def __post_init__(self) -> None:
        odd("kernel", self.kernel)

    def multiplications(self, n: int, shape: ImageShape) -> float:
        return float((self.depth + 1) * shape.pixels * self.kernel**2 * self.channels(self.width) ** 2)
