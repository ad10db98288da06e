"""The family `autoencoder`: trained networks with a bottleneck, for comparison with the closed form `bottleneck`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from creativity.families.base import Dense
from creativity.families.bottleneck import check_dim
from creativity.fields import ImageShape, Natural, strict


@strict
class Autoencoder(Dense):
    """A trained bottleneck: the image passes through `dim` numbers, and nothing passes by."""

    colour: ClassVar[str] = "#BBCC33"
    family: Literal["autoencoder"]
    dim: Annotated[Natural, Field(description="numbers that the encoder lets through")]
    encoder: Annotated[Literal["linear", "mlp"], Field(description="an affine map or an MLP, both told the noise level")] = "mlp"
    decoder: Annotated[Literal["linear", "mlp"], Field(description="an affine map or an MLP, both told the noise level")] = "mlp"
    width: Annotated[Natural, Field(description="numbers in each hidden layer of an MLP")] = 512
    depth: Annotated[Natural, Field(description="hidden layers of an MLP")] = 3

    def check(self, key: str, shape: ImageShape) -> None:
        check_dim(key, self.dim, shape)

    def laws(self) -> tuple[str, ...]:
        """That of rank `dim` where both parts are linear; otherwise there is no exact law, and the two closest are used."""
        linear = self.encoder == self.decoder == "linear"
        return ("rank",) if linear else ("rank", "bottleneck")
