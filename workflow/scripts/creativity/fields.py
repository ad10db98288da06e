"""The building blocks of the configuration: types with limits, the strict dataclass, and the error for a value that cannot work."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"  # what may name a folder on every system, and a Snakemake wildcard
Name = Annotated[str, Field(pattern=NAME, max_length=64)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Natural = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0, lt=2**31)]
Fraction = Annotated[float, Field(gt=0, le=1)]
Dropped = Annotated[float, Field(ge=0, lt=1)]
Text = Annotated[str, Field(min_length=1)]
Range = Literal["bytes", "unit", "signed"]  # of the numbers that are images: 0..255, 0..1, -1..1
RangeOfNumbers = Annotated[
    Range | None,
    Field(
        description="of images that are arrays of numbers: bytes (0 to 255), unit (0 to 1) or signed (-1 to 1); "
        "null: uint8 is 0 to 255, floats are -1 to 1, and an error where there is doubt"
    ),
]
Padding = Literal["zeros", "circular"]
DEVICE = r"^(auto|cpu|mps|cuda(:\d+)?)$"

strict = dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid", strict=True))


class ImpossibleError(ValueError):
    """A value of the right type that cannot work: the key's path from the top, what was found and what is allowed."""

    def __init__(self, key: str, found: object, allowed: str) -> None:
        super().__init__(f"{key}: found {found!r}; allowed: {allowed}")
        self.key, self.found, self.allowed = key, found, allowed


class ImageShape(NamedTuple):
    """Square images: their side in pixels and their number of channels."""

    size: int
    channels: int

    @property
    def pixels(self) -> int:
        return self.size**2

    @property
    def values(self) -> int:
        """Numbers in one image."""
        return self.pixels * self.channels


def distinct(key: str, values: Sequence[object]) -> None:
    """Raises ImpossibleError where a value stands twice.

    >>> distinct("seeds", (0, 1, 0))
    Traceback (most recent call last):
    creativity.fields.ImpossibleError: seeds: found [0, 1, 0]; allowed: each value once
    """
    if len(set(values)) < len(values):
        raise ImpossibleError(key, list(values), "each value once")


def odd(key: str, value: int) -> None:
    """Raises ImpossibleError where a side is even: then it has no middle."""
    if value % 2 == 0:
        raise ImpossibleError(key, value, "an odd number")


def computed(config: object) -> dict[str, Any]:
    """What a configuration works out from its keys: its properties by name.

    They are handed to the jobs beside the keys, so that an edit of the code that works them out makes results stale.
    """
    kind = type(config)
    return {name: getattr(config, name) for name in sorted(dir(kind)) if isinstance(getattr(kind, name), property)}


def modules_in(folder: Path) -> tuple[str, ...]:
    """The names that the modules of a package stand for: image_folder.py is `image-folder`. Nothing is imported."""
    return tuple(sorted(path.stem.replace("_", "-") for path in folder.glob("*.py") if path.stem != "__init__"))
