"""Draws samples with one denoiser, from the noise that all denoisers share."""

from pathlib import Path

import torch

from creativity import job, store
from creativity.config import Sampling
from creativity.denoisers import parameters, receptive_field, saved
from creativity.device import add_options, chosen
from creativity.sample import draw, finite


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--train", type=Path, required=True)
    saved.add_options(parser)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--batch-size", type=int, default=256)
    add_options(parser)
    args = parser.parse_args()
    images = torch.from_numpy(store.units(args.train))
    denoiser, status, files = saved.restore(args, images)
    config = job.settings(Sampling, args.params["sampling"] | {"batch_size": args.batch_size})
    facts = {"status": status, "parameters": parameters(denoiser), "receptive_field": receptive_field(denoiser)}
    device = chosen(args)
    drawn = images[:0] if status == "diverged" else draw(denoiser.to(device), images.shape[1:], config, device)
    stamp = job.stamp(args, [args.train, *files])
    store.write_samples(args.out, drawn.numpy(), finite(drawn).numpy(), stamp, facts)


if __name__ == "__main__":
    job.run(main)
