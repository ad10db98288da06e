"""The family `unet`: UNets in which pooling, skips, attention and so on are options, so that the effect of each can be measured."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import DROPOUT, Convolutional
from creativity.fields import Dropped, ImageShape, ImpossibleError, Natural, Padding, distinct, odd, strict


@strict
class Unet(Convolutional):
    """A UNet: residual blocks on a pyramid of pooled resolutions."""

    colour: ClassVar[str] = "#332288"
    family: Literal["unet"]
    pooling: Annotated[int, Field(ge=0, le=4, description="pooling layers: how often the side is halved")] = 3
    width: Annotated[Natural, Field(description="channels at full resolution")] = 16
    multipliers: Annotated[
        tuple[Natural, ...] | None,
        Field(description="width of each level over `width`, pooling + 1 numbers; null: the first of 1, 2, 4, 4, 4"),
    ] = None
    blocks: Annotated[Natural, Field(description="residual blocks a level, on the way down and on the way up")] = 1
    skips: Annotated[bool, Field(description="hand each level's result across to the way up")] = True
    attention: Annotated[
        tuple[Annotated[int, Field(ge=0, le=4)], ...],
        Field(description="levels with self-attention, 0 being the full resolution"),
    ] = ()
    padding: Annotated[Padding, Field(description="what stands beyond the border")] = "zeros"
    kernel: Annotated[int, Field(ge=1, description="side of the kernels, an odd number")] = 3
    norm: Annotated[
        Literal["group", "layer", "none"],
        Field(description="over groups of channels and the whole image, over the channels of each pixel, or not at all"),
    ] = "group"
    dropout: Annotated[Dropped, Field(description=DROPOUT)] = 0.0

    def __post_init__(self) -> None:
        if self.multipliers is not None and len(self.multipliers) != self.pooling + 1:
            allowed = f"pooling + 1 = {self.pooling + 1} numbers, one a level"
            raise ImpossibleError("multipliers", list(self.multipliers), allowed)
        odd("kernel", self.kernel)
        distinct("attention", self.attention)
        if any(level > self.pooling for level in self.attention):
            raise ImpossibleError("attention", list(self.attention), f"levels from 0 to pooling = {self.pooling}")

    @property
    def level_multipliers(self) -> tuple[int, ...]:
        """The width of each level over `width`, from full resolution down: pooling + 1 numbers."""
        return self.multipliers or (1, 2, 4, 4, 4)[: self.pooling + 1]

    def check(self, key: str, shape: ImageShape) -> None:
        if shape.size % 2**self.pooling:
            depth = (shape.size & -shape.size).bit_length() - 1
            allowed = f"0 to {min(depth, 4)}, since dataset.size {shape.size} can be halved only so often"
            raise ImpossibleError(f"{key}.pooling", self.pooling, allowed)

    def multiplications(self, n: int, shape: ImageShape) -> float:
        per_pixel = 50 * self.blocks * self.kernel**2 / 9
        levels = enumerate(self.level_multipliers)
        return float(sum(per_pixel * shape.pixels / 4**level * self.channels(self.width * m) ** 2 for level, m in levels))
