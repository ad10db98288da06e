"""Draws samples with one denoiser, from the noise that all denoisers share."""

from pathlib import Path

import torch

from creativity import job, store
from creativity.config import Family, Sampling
from creativity.denoisers import parameters, receptive_field
from creativity.denoisers.calibrated import build_with, schedule
from creativity.denoisers.files import load_weights
from creativity.device import add_options, chosen
from creativity.sample import draw, finite


def main() -> None:
    parser = job.parser(__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--model", type=Path, help="weights, of trained families")
    parser.add_argument("--patches", type=Path, help="patches by noise level, of calibrated families")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--batch-size", type=int, default=256)
    add_options(parser)
    args = parser.parse_args()
    images = torch.from_numpy(store.units(args.train))
    patches = schedule(store.read(args.patches)) if args.patches else None
    denoiser = build_with(job.settings(Family, args.params["family"]), images, patches)
    config = job.settings(Sampling, args.params["sampling"] | {"batch_size": args.batch_size})
    status = job.model_facts(args.model)["status"] if args.model else "diverged" if patches == {} else "closed form"
    facts = {"status": status, "parameters": parameters(denoiser), "receptive_field": receptive_field(denoiser)}
    if args.model:
        denoiser.load_state_dict(load_weights(args.model))
    device = chosen(args)
    drawn = images[:0] if status == "diverged" else draw(denoiser.to(device), images.shape[1:], config, device)
    stamp = job.stamp(args, [path for path in (args.train, args.model, args.patches) if path])
    store.write_samples(args.out, drawn.numpy(), finite(drawn).numpy(), stamp, facts)


if __name__ == "__main__":
    job.run(main)
