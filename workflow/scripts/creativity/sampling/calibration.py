"""Estimates how large a patch of the image a trained network looks at, at each noise level.

It is the patch with which a local denoiser is closest to the network. A local denoiser is a closed form in which each pixel depends
on a patch around it.
"""

import torch
from torch import nn

from creativity.campaign.sections import Sampling
from creativity.denoisers.calibrated import build_side
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.sampling.trajectory import trajectory
from creativity.tensors import Denoiser, Images

NOISES = 16  # starting noises on whose trajectories the patches are compared
OTHER_NOISES = 2**31  # added to the sampling seed, which is smaller, so that no sample starts from these noises


def sides(family: Local | EquivariantLocal, size: int) -> range:
    """The sides of the patches that are compared, for images of this size: all odd ones to 2 size - 1, where each holds the image.

    Patches that are wrapped around the border have sides up to `size`.
    """
    wrapped = isinstance(family, EquivariantLocal) and family.border == "circular"
    return range(1, (size if wrapped else 2 * size - 1) + 1, 2)


def calibrate(
    network: Denoiser, family: Local | EquivariantLocal, images: Images, sampling: Sampling, device: torch.device | str = "cpu"
) -> list[tuple]:
    """Rows (sigma, patch, distance, chosen): how far each local denoiser is from the network along the network's own trajectory.

    patch: the side of the patch. distance: the root mean square of D_patch(x, sigma) - D_network(x, sigma) over pixels and noises;
    noises at which the network is not finite are left out. chosen: whether the distance is the least; of equally good patches, such
    as all that hold the whole image, the smallest is chosen. images: the training images [n, c, h, w].
    """
    local = {side: build_side(family, images, side).to(device) for side in sides(family, images.shape[2])}
    rows: list[tuple] = []
    for sigma, x in trajectory(network, tuple(images.shape[1:]), sampling, device, sampling.seed + OTHER_NOISES):
        distances = {side: rms_distance(network, denoiser, x[:NOISES], sigma) for side, denoiser in local.items()}
        best = min(distances, key=lambda side: (round(distances[side], 6), side))
        rows += [(sigma, side, distance, side == best) for side, distance in distances.items()]
    return rows


@torch.no_grad()
def rms_distance(network: Denoiser, local: nn.Module, x: Images, sigma: float) -> float:
    """The root mean square over pixels and images of the difference between two denoisers at x, all at one noise level."""
    sigmas = x.new_full((len(x),), sigma)
    return float((network(x, sigmas) - local(x, sigmas)).double().square().flatten(1).mean(dim=1).nanmean().sqrt())
