"""Local denoisers whose patch side depends on the noise level, chosen to agree best with one trained network.

The side for each noise level comes from a calibration: the one at which the local denoiser's output is nearest to the network's.
"""

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
    """{sigma: chosen patch side} from a table with the columns PATCHES; empty where the training of the network diverged."""
    return {row["sigma"]: row["patch"] for row in table.to_pylist() if row["chosen"]}


def build_with(config: Family, images: Images, patches: Mapping[float, int] | None) -> nn.Module:
    """The denoiser of a family; patches: {sigma: side} where the patch is calibrated, None where the configuration sets it."""
    if patches is None:
        return build(config, images)
    return Calibrated({side: build_side(config, images, side) for side in sorted(set(patches.values()))}, patches)


def build_side(config: Family, images: Images, side: int) -> nn.Module:
    """The denoiser of a family with the same patch side at all noise levels."""
    return build(replace(config, patch=side), images)  # type: ignore[type-var]


class Calibrated(nn.Module):
    """D(x, sigma) = D_P(x, sigma), where P is the patch side of the calibrated noise level nearest to sigma, in ln sigma."""

    levels: Tensor

    def __init__(self, sides: Mapping[int, nn.Module], patches: Mapping[float, int]) -> None:
        super().__init__()
        self.receptive_field = max(patches.values(), default=0)
        self.patches = list(patches.values())
        self.sides = nn.ModuleDict({str(side): denoiser for side, denoiser in sides.items()})
        self.register_buffer("levels", torch.tensor(list(patches), dtype=torch.float64).log())

    def forward(self, x: Images, sigma: Sigma) -> Images:
        nearest_level = (sigma.double().log()[:, None] - self.levels).abs().argmin(dim=1)
        denoised = torch.empty_like(x)
        for level in nearest_level.unique().tolist():
            rows = nearest_level == level
            denoised[rows] = self.sides[str(self.patches[level])](x[rows], sigma[rows])
        return denoised
