"""A local denoiser whose patch depends on the noise level, as one trained network's does."""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import torch
from torch import Tensor, nn

from creativity import store
from creativity.denoisers import build
from creativity.families.base import Family
from creativity.tensors import Images, Sigma

PATCHES = {"sigma": store.REAL, "patch": store.SHORT, "distance": store.REAL, "chosen": store.FLAG}


def schedule(table: pa.Table) -> dict[float, int]:
    """The chosen patch at each noise level of a table of PATCHES; empty where the network diverged."""
    return {row["sigma"]: row["patch"] for row in table.to_pylist() if row["chosen"]}


def build_with(config: Family, images: Images, patches: Mapping[float, int] | None) -> nn.Module:
    """The denoiser that a family's configuration describes, with these patches by noise level where it says no patch itself."""
    if patches is None:
        return build(config, images)
    return Calibrated({side: build_side(config, images, side) for side in sorted(set(patches.values()))}, patches)


def build_side(config: Family, images: Images, side: int) -> nn.Module:
    """The denoiser with one patch for all noise levels."""
    return build(replace(config, patch=side), images)  # type: ignore[type-var]


class Calibrated(nn.Module):
    """D(x, sigma) = D_P(x, sigma), where P is the patch of the noise level nearest to sigma, in ln sigma."""

    levels: Tensor

    def __init__(self, sides: Mapping[int, nn.Module], patches: Mapping[float, int]) -> None:
        super().__init__()
        self.receptive_field = max(patches.values(), default=0)
        self.patches = list(patches.values())
        self.sides = nn.ModuleDict({str(side): denoiser for side, denoiser in sides.items()})
        self.register_buffer("levels", torch.tensor(list(patches), dtype=torch.float64).log())

    def forward(self, x: Images, sigma: Sigma) -> Images:
        nearest = (sigma.double().log()[:, None] - self.levels).abs().argmin(dim=1)
        denoised = torch.empty_like(x)
        for place in nearest.unique().tolist():
            rows = nearest == place
            denoised[rows] = self.sides[str(self.patches[place])](x[rows], sigma[rows])
        return denoised
