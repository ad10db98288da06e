"""Which patch does a trained network look at? The one with which a local denoiser gives most nearly what the network gives."""

import torch
from torch import nn

from creativity.campaign.sections import Sampling
from creativity.denoisers.calibrated import build_side
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.sampling.trajectory import trajectory
from creativity.tensors import Denoiser, Images

ASKED = 16  # noises on which all patches are compared
OTHER_NOISES = 2**31  # added to the sampling seed, which is smaller: no sample starts from these


def sides(config: Local | EquivariantLocal, size: int) -> range:
    """The patches that are compared: all odd sides up to the whole image as every pixel sees it, or as it can be wrapped."""
    wrapped = isinstance(config, EquivariantLocal) and config.border == "circular"
    return range(1, (size if wrapped else 2 * size - 1) + 1, 2)


def calibrate(
    network: Denoiser, config: Local | EquivariantLocal, images: Images, sampling: Sampling, device: torch.device | str = "cpu"
) -> list[tuple]:
    """Rows of PATCHES: how far each local denoiser is from the network at each noise level along the network's own trajectory.

    distance: root mean square over pixels and noises of D_P(x, sigma) - D_network(x, sigma). Of equally good patches, as of
    those that all hold the whole image, the smallest is chosen. Noises at which the network is not finite are left out.
    """
    local = {side: build_side(config, images, side).to(device) for side in sides(config, images.shape[2])}
    rows: list[tuple] = []
    for sigma, x in trajectory(network, tuple(images.shape[1:]), sampling, device, sampling.seed + OTHER_NOISES):
        distances = {side: apart(network, denoiser, x[:ASKED], sigma) for side, denoiser in local.items()}
        best = min(distances, key=lambda side: (round(distances[side], 6), side))
        rows += [(sigma, side, distance, side == best) for side, distance in distances.items()]
    return rows


@torch.no_grad()
def apart(one: Denoiser, other: nn.Module, x: Images, sigma: float) -> float:
    at = x.new_full((len(x),), sigma)
    return float((one(x, at) - other(x, at)).double().square().flatten(1).mean(dim=1).nanmean().sqrt())
