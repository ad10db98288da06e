"""Follows one denoiser down the noise levels: which closed form does the same there, and how far each pixel sees."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from creativity import job, store
from creativity.config import Family, Sampling
from creativity.denoisers import build, saved
from creativity.device import add_options, chosen
from creativity.measures import receptive_field
from creativity.precondition import sigma_data
from creativity.tensors import Images
from creativity.trajectory import EXPLAINED, EXPLAINED_ON, LOOKED_AT, explain, jacobian_energy, trajectory

PAIRS_OF_PATCHES = 2**24


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "explained", "receptive-field"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    saved.add_options(parser)
    add_options(parser)
    args = parser.parse_args()
    images, device = torch.from_numpy(store.units(args.train)), chosen(args)
    denoiser, status, files = saved.restore(args, images)
    seen_through = differentiable(args.params["family"], images)
    others = {name: build(job.settings(Family, family), images).to(device) for name, family in args.params["closed_forms"].items()}
    config = job.settings(Sampling, args.params["sampling"])
    explained, seen = (
        ([], []) if status == "diverged" else follow(denoiser.to(device), others, images, config, device, seen_through)
    )
    stamp = job.stamp(args, [args.train, *files])
    store.write(args.explained, EXPLAINED, explained, stamp)
    store.write(args.receptive_field, receptive_field.RECEPTIVE_FIELD, seen, stamp)


def follow(
    denoiser: nn.Module, others: dict[str, nn.Module], images: Images, config: Sampling, device: torch.device, seen_through: bool
) -> tuple[list[tuple], list[tuple]]:
    """Rows of both tables at every noise level."""
    explained, seen = [], []
    spread = sigma_data(images)
    for sigma, x in trajectory(denoiser, tuple(images.shape[1:]), config, device):
        with torch.no_grad():
            some = x[:EXPLAINED_ON]
            at = some.new_full((len(some),), sigma)
            denoised = {name: other(some, at) for name, other in others.items()}
            explained += explain(denoiser(some, at), denoised, some, sigma, spread) if others else []
        if seen_through:
            seen += receptive_field.rows(jacobian_energy(denoiser, x[:LOOKED_AT], sigma), sigma)
    return explained, seen


def differentiable(family: dict[str, Any], images: Images) -> bool:
    """Whether memory holds what a gradient goes through: of the equivariant local score all pairs of patches."""
    number, _, height, width = images.shape
    return family["family"] != "equivariant-local" or number * (height * width) ** 2 <= PAIRS_OF_PATCHES


if __name__ == "__main__":
    job.run(main)
