"""The family `polynomial`: the best polynomial denoiser of the training set, in closed form."""

import math
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import ClosedForm, decomposition
from creativity.fields import ImageShape, ImpossibleError, Natural, strict

MOST_VALUES = 16  # most values of an image for polynomials in all coordinates
MOST_TERMS = 1000  # most terms of such a polynomial: that many linear equations are solved at every noise level


@strict
class Polynomial(ClosedForm):
    """The best polynomial denoiser, in closed form: it knows the moments of the target up to twice its degree."""

    colour: ClassVar[str] = "#999933"
    family: Literal["polynomial"]
    degree: Annotated[Natural, Field(description="degree of the polynomials")] = 3
    basis: Annotated[
        Literal["coordinate", "total"],
        Field(description="each principal coordinate from itself alone, or from all by total degree (at most 16 values an image)"),
    ] = "coordinate"

    def check(self, key: str, shape: ImageShape) -> None:
        values, degree = shape.values, self.degree
        if self.basis == "total" and values > MOST_VALUES:
            allowed = f"coordinate, since an image has {values} values, more than {MOST_VALUES}"
            raise ImpossibleError(f"{key}.basis", "total", allowed)
        if self.basis == "total" and math.comb(values + degree, degree) > MOST_TERMS:
            most = max(k for k in range(1, degree) if math.comb(values + k, k) <= MOST_TERMS)
            raise ImpossibleError(f"{key}.degree", degree, f"at most {most} for {values} values an image and basis total")

    def laws(self) -> tuple[str, ...]:
        """One for polynomials in each coordinate alone; none for polynomials in all coordinates together."""
        return ("polynomial",) if self.basis == "coordinate" else ()

    def multiplications(self, n: int, shape: ImageShape) -> float:
        """To the principal coordinates and back, and the terms of the polynomials; a step solves for their coefficients."""
        modes = min(n, shape.values)
        terms = self.degree + 1 if self.basis == "coordinate" else math.comb(shape.values + self.degree, self.degree)
        return 2.0 * modes * (shape.values + terms) + (terms**3 / 10 if self.basis == "total" else 0)

    def softmax_terms(self, n: int, shape: ImageShape) -> float:
        """A term of a polynomial takes about as long as one of a softmax."""
        return float(min(n, shape.values) * (self.degree + 1))

    def building(self, n: int, shape: ImageShape) -> float:
        return decomposition(n, shape)
