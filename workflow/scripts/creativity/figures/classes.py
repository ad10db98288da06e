"""How the classes of samples look, in the figures and on the page alike."""

from typing import NamedTuple

from creativity.measures.classes import COLLAGE, COPY, NEW_REAL, NEW_UNREAL


class Look(NamedTuple):
    """shade: of its part in a bar of shares, from 0, the ground, to 1, the ink; shape: of its points, an SVG path in -1..1."""

    shade: float
    shape: str


LOOKS = {
    COPY: Look(0.95, "M-0.9,-0.9H0.9V0.9H-0.9Z"),
    COLLAGE: Look(0.62, "M-1,-0.36H-0.36V-1H0.36V-0.36H1V0.36H0.36V1H-0.36V0.36H-1Z"),
    NEW_REAL: Look(0.36, "M0.95,0A0.95,0.95,0,1,1,-0.95,0A0.95,0.95,0,1,1,0.95,0Z"),
    NEW_UNREAL: Look(0.16, "M0,-1L1,0.8H-1Z"),
}
