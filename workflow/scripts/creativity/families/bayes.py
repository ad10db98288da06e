"""The family `bayes`: the best possible denoiser for a finite training set, which can only reproduce the training images."""

from typing import ClassVar, Literal

from creativity.families.base import ClosedForm
from creativity.fields import strict


@strict
class Bayes(ClosedForm):
    """The posterior mean of the training set, in closed form: it can only copy."""

    colour: ClassVar[str] = "#117733"
    family: Literal["bayes"]

    def laws(self) -> tuple[str, ...]:
        return ("bayes",)
