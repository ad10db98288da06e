"""The family `linear`: the best affine denoiser of the training set, in closed form."""

from typing import ClassVar, Literal

from creativity.families.base import ClosedForm
from creativity.fields import strict


@strict
class Linear(ClosedForm):
    """The best affine denoiser, in closed form: it knows the mean and the covariance alone."""

    colour: ClassVar[str] = "#DDCC77"
    family: Literal["linear"]

    def laws(self) -> tuple[str, ...]:
        return ("linear",)
