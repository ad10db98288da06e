"""The family `dit`: diffusion transformers on patches of the image, whose positions and windows of attention are options."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import Trained
from creativity.fields import ImageShape, ImpossibleError, Natural, odd, strict


@strict
class Dit(Trained):
    """A diffusion transformer: patches look at each other, all or within a window, and convolutions have no part in it."""

    colour: ClassVar[str] = "#EE3377"
    family: Literal["dit"]
    patch: Annotated[Natural, Field(description="side of the patches in pixels, a divisor of dataset.size")] = 2
    depth: Annotated[Natural, Field(description="transformer blocks")] = 4
    heads: Annotated[Natural, Field(description="heads of attention, a divisor of width")] = 4
    width: Annotated[Natural, Field(description="numbers that stand for a patch")] = 64
    positions: Annotated[
        Literal["learned", "sinusoidal", "none"],
        Field(description="what a patch is told of its place; none: without a window patches are a set without order"),
    ] = "learned"
    window: Annotated[
        Natural | None,
        Field(description="side of the window about a patch in which it looks at others, an odd number of patches; null: all"),
    ] = None

    def __post_init__(self) -> None:
        if self.width % self.heads:
            raise ImpossibleError("heads", self.heads, f"a divisor of width = {self.width}")
        if self.positions == "sinusoidal" and self.width % 4:
            raise ImpossibleError("width", self.width, "a multiple of 4, since positions is sinusoidal")
        if self.window is not None:
            odd("window", self.window)

    def check(self, key: str, shape: ImageShape) -> None:
        if shape.size % self.patch:
            raise ImpossibleError(f"{key}.patch", self.patch, f"a divisor of dataset.size = {shape.size}")

    def tokens(self, shape: ImageShape) -> int:
        """The number of patches of an image."""
        return (shape.size // self.patch) ** 2

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """Of a patch: 12 width^2 in a block's matrices, and 2 width for each patch that it looks at (all are computed)."""
        tokens = self.tokens(shape)
        per_block = tokens * (12 * self.width**2 + 2 * tokens * self.width)
        return float(self.depth * per_block + 2 * shape.values * self.width)

    def activations(self, shape: ImageShape) -> float:
        """The wide layer of a block, or what each head knows of each pair of patches."""
        return float(self.tokens(shape) * max(4 * self.width, self.heads * self.tokens(shape)))
