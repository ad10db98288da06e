"""The family `module`: a network or a formula of the user's own, from a Python file with `build(images, **options)`."""

import hashlib
from dataclasses import field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from creativity.families.base import Brought, Kind
from creativity.fields import ImageShape, ImpossibleError, Positive, strict
from creativity.syntax import beside, binds


@strict
class Module(Brought):
    """A denoiser from a file of the user's own: trained here, with weights from elsewhere, or complete when it is built."""

    colour: ClassVar[str] = "#6699CC"
    places: ClassVar[tuple[str, ...]] = ("file", "weights")
    family: Literal["module"]
    file: Annotated[str, Field(min_length=1, description="Python file that defines build(images, **options) -> torch.nn.Module")]
    options: Annotated[
        dict[str, Any],
        Field(description="what build is called with besides the training images", json_schema_extra={"default": {}}),
    ] = field(default_factory=dict)
    train: Annotated[bool, Field(description="train the module on the training images, as all networks of the campaign")] = False
    weights: Annotated[
        str | None,
        Field(min_length=1, description="file of weights, safetensors or a torch file; null: trained here, or complete as built"),
    ] = None
    prediction: Annotated[
        Literal["denoised", "noise", "network"] | None,
        Field(
            description="what the module gives for (x, sigma): the clean image, the noise in units of sigma, or, for (c_in x, "
            "ln(sigma) / 4), the F of EDM's preconditioning (Karras et al. 2022); null: network, where it is trained here"
        ),
    ] = None
    sigma_data: Annotated[
        Positive | None,
        Field(description="of EDM's preconditioning, as the weights were trained with it; null: of the training images"),
    ] = None
    law: Annotated[
        Literal["bayes", "linear"] | None, Field(description="the law that its samples are held against; null: none")
    ] = None

    def __post_init__(self) -> None:
        if self.train and self.weights is not None:
            raise ImpossibleError("weights", self.weights, "null, since train is true: the weights are those that training gives")
        if self.train and self.prediction not in (None, "network"):
            raise ImpossibleError("prediction", self.prediction, "network, since train is true")
        if not self.train and self.prediction is None:
            allowed = "denoised, noise or network: what the module computes, which cannot be seen from outside"
            raise ImpossibleError("prediction", None, allowed)
        if not self.train and self.weights is None and self.prediction == "network":
            raise ImpossibleError("prediction", "network", "denoised or noise, since there are no weights and train is false")
        if self.sigma_data is not None and (self.train or self.prediction != "network"):
            raise ImpossibleError("sigma_data", self.sigma_data, "null, unless weights are brought and prediction is network")
        kind: Kind = "trained" if self.train else "external" if self.weights is not None else "closed form"
        object.__setattr__(self, "kind", kind)

    def source(self) -> Path:
        return Path(self.file).expanduser()

    def laws(self) -> tuple[str, ...]:
        return () if self.law is None else (self.law,)

    def fingerprint(self, key: str, shape: ImageShape) -> str | None:
        """The file is read and parsed, and not run."""
        check_source(f"{key}.file", self.source())
        return None if self.weights is None else file_hash(f"{key}.weights", Path(self.weights).expanduser())


def check_source(key: str, file: Path) -> None:
    """Raises ImpossibleError where the file is missing or has no `build`, or it or one that it imports beside it is no Python."""
    allowed = "a Python file that defines build(images, **options)"
    if not file.is_file():
        raise ImpossibleError(key, str(file), f"{allowed}; there is no such file")
    try:
        beside(file)
    except SyntaxError as error:
        raise ImpossibleError(key, f"{error.filename}, line {error.lineno or 1}: {error.msg}", "a file that is Python") from None
    except OSError as error:
        raise ImpossibleError(key, str(error.filename), f"a file that can be read ({error.strerror})") from None
    if not binds(file, "build"):
        raise ImpossibleError(key, f"{file}, line 1: no build in the whole file", allowed)


def file_hash(key: str, file: Path) -> str:
    """A hash of a file's content. Raises ImpossibleError where it cannot be read."""
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()[:16]
    except OSError as error:
        raise ImpossibleError(key, str(file), f"a file that can be read ({error.strerror})") from None
