"""Follows one denoiser down the noise levels: which closed form does the same there, and how far each pixel sees."""

from pathlib import Path

import torch
from torch import nn

from creativity import job, store
from creativity.config import Family, Sampling
from creativity.denoisers import build
from creativity.denoisers.files import load_weights
from creativity.measures import receptive_field
from creativity.precondition import sigma_data
from creativity.sample import choose_device
from creativity.tensors import Images
from creativity.trajectory import EXPLAINED, LOOKED_AT, explain, jacobian_energy, trajectory


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "explained", "receptive-field"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="weights, of trained families")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    images, device = torch.from_numpy(store.units(args.train)), choose_device(args.device)
    denoiser = build(job.settings(Family, args.params["family"]), images)
    diverged = False
    if args.model:
        denoiser.load_state_dict(load_weights(args.model))
        diverged = job.model_facts(args.model)["status"] == "diverged"
    others = {name: build(job.settings(Family, family), images).to(device) for name, family in args.params["closed_forms"].items()}
    config = job.settings(Sampling, args.params["sampling"])
    explained, seen = ([], []) if diverged else follow(denoiser.to(device), others, images, config, device)
    stamp = job.stamp(args, [args.train, *([args.model] if args.model else [])])
    store.write(args.explained, EXPLAINED, explained, stamp)
    store.write(args.receptive_field, receptive_field.RECEPTIVE_FIELD, seen, stamp)


def follow(
    denoiser: nn.Module, others: dict[str, nn.Module], images: Images, config: Sampling, device: torch.device
) -> tuple[list[tuple], list[tuple]]:
    """Rows of both tables at every noise level."""
    explained, seen = [], []
    spread = sigma_data(images)
    for sigma, x in trajectory(denoiser, tuple(images.shape[1:]), config, device):
        with torch.no_grad():
            at = x.new_full((len(x),), sigma)
            denoised = {name: other(x, at) for name, other in others.items()}
            explained += explain(denoiser(x, at), denoised, x, sigma, spread)
        seen += receptive_field.rows(jacobian_energy(denoiser, x[:LOOKED_AT], sigma), sigma)
    return explained, seen


if __name__ == "__main__":
    job.run(main)
