"""The four classes of samples, and how they look in the figures and on the page alike."""

from typing import NamedTuple


class Class(NamedTuple):
    """What a sample can be: copied, put together from copied tiles, or new, and then like real images or not."""

    name: str
    shade: float  # from 0, the ground, to 1, the ink: of its part in a bar of class shares
    shape: str  # of its points: an SVG path in the box -1..1


COPY = Class("copy", 0.95, "M-0.9,-0.9H0.9V0.9H-0.9Z")
MOSAIC = Class("mosaic", 0.62, "M-1,-0.36H-0.36V-1H0.36V-0.36H1V0.36H0.36V1H-0.36V0.36H-1Z")
NOVEL_REAL = Class("novel real", 0.36, "M0.95,0A0.95,0.95,0,1,1,-0.95,0A0.95,0.95,0,1,1,0.95,0Z")
NOVEL_UNREAL = Class("novel unreal", 0.16, "M0,-1L1,0.8H-1Z")
CLASSES = (COPY, MOSAIC, NOVEL_REAL, NOVEL_UNREAL)
NAMES = tuple(kind.name for kind in CLASSES)
