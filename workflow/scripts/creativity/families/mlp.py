"""The family `mlp`: fully connected networks."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import DROPOUT, Dense
from creativity.fields import Dropped, Natural, strict


@strict
class Mlp(Dense):
    """A fully connected network: every pixel sees every pixel."""

    colour: ClassVar[str] = "#CC6677"
    family: Literal["mlp"]
    width: Annotated[Natural, Field(description="numbers in each hidden layer")] = 512
    depth: Annotated[Natural, Field(description="hidden layers")] = 3
    dropout: Annotated[Dropped, Field(description=DROPOUT)] = 0.0
