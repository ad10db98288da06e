"""The family `linear`: the best affine denoiser of the training set, in closed form."""

from typing import ClassVar, Literal

from creativity.families.base import ClosedForm, decomposition
from creativity.fields import ImageShape, strict


@strict
class Linear(ClosedForm):
    """The best affine denoiser, in closed form: it knows the mean and the covariance alone."""

    colour: ClassVar[str] = "#DDCC77"
    family: Literal["linear"]

    def laws(self) -> tuple[str, ...]:
        return ("linear",)

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """To the principal coordinates and back."""
        return 2.0 * min(n, shape.values) * shape.values

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        return 0.0

    def building(self, n: int, shape: ImageShape) -> float:
        return decomposition(n, shape)
