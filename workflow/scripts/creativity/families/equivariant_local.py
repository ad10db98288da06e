"""The family `equivariant-local`: closed-form denoisers in which each pixel depends on a patch around it, wherever it lies."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import ClosedForm
from creativity.families.local import PATCH
from creativity.fields import ImageShape, ImpossibleError, Name, Natural, odd, strict


@strict
class EquivariantLocal(ClosedForm):
    """The equivariant local score machine, in closed form: a pixel sees the patch around it, and not where it lies."""

    colour: ClassVar[str] = "#882255"
    family: Literal["equivariant-local"]
    patch: Annotated[Natural | Name, Field(description=PATCH)]
    border: Annotated[
        Literal["broken", "circular"],
        Field(description="a patch competes with those that the border cuts alike, or patches are wrapped and all compete"),
    ] = "broken"

    def __post_init__(self) -> None:
        if isinstance(self.patch, int):
            odd("patch", self.patch)

    def check(self, key: str, shape: ImageShape) -> None:
        if self.border == "circular" and isinstance(self.patch, int) and self.patch > shape.size:
            allowed = f"at most dataset.size = {shape.size}, since it is wrapped around the image"
            raise ImpossibleError(f"{key}.patch", self.patch, allowed)

    def refers_to(self) -> str | None:
        return self.patch if isinstance(self.patch, str) else None

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """Products of the strips of patches, or of patches where these are small."""
        side = self.patch if isinstance(self.patch, int) else shape.size
        return self.softmax_terms(n, shape) * shape.channels * min(side**2, 2 * side)

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        """Pairs of a patch with all that it competes with: of interior patches, which are most, with all interior ones."""
        cut = self.border == "broken" and isinstance(self.patch, int)
        inner = max(shape.size - self.patch + 1, 0) if cut and isinstance(self.patch, int) else shape.size
        return n * (float(inner) ** 4 + 4 * float(shape.size) * inner**2 + shape.pixels)
