"""The family of the controls: sets of images whose scores are known, measured in every campaign as if a denoiser had drawn them.

A copier must score as a copy, white noise as unreal, and so on. A measure that does not say so of them is not to be trusted.
"""

from typing import ClassVar, Literal

from creativity.families.base import Family, Kind
from creativity.fields import strict


@strict
class Control(Family):
    """A set of images that plays a denoiser, so that every measure is seen to work."""

    kind: ClassVar[Kind] = "control"
    colour: ClassVar[str] = "#777777"
    denoises: ClassVar[bool] = False
    family: Literal["copier", "disguised", "halves", "mosaic", "held-out", "blurred", "torn", "gaussian", "noise"]


CONTROLS: dict[str, Control] = {
    name: Control(family=name)  # type: ignore[call-arg]
    for name in ("copier", "disguised", "halves", "mosaic", "held-out", "blurred", "torn", "gaussian", "noise")
}
