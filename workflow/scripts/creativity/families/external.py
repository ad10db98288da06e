"""The family `external`: images that a model outside this project generated, which are measured like samples of a denoiser."""

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from creativity.families.base import Family, Kind
from creativity.fields import Natural, RangeOfNumbers, strict

if TYPE_CHECKING:
    Count: TypeAlias = int | None
else:
    Count = Natural | Literal["all"] | None  # as it is written; creativity.data.counts puts a number in the place of all


@strict
class External(Family):
    """Images that another model generated: they are measured beside the campaign's own denoisers and controls."""

    kind: ClassVar[Kind] = "external"
    colour: ClassVar[str] = "#EE7733"
    denoises: ClassVar[bool] = False
    places: ClassVar[tuple[str, ...]] = ("path",)
    family: Literal["external"]
    path: Annotated[
        str,
        Field(
            min_length=1,
            description="a folder of images or of Parquet files, a Parquet file with a column named image, or an .npy or .npz file",
        ),
    ]
    range: RangeOfNumbers = None
    count: Annotated[
        Count,
        Field(description="images that are looked at, each by itself; all: all there are; null: sampling.count"),
    ] = None
