"""Finds the patch at each noise level with which a local denoiser in closed form is nearest to a trained network."""

from pathlib import Path

import torch

from creativity import job, store
from creativity.calibrate import calibrate
from creativity.config import Family, Sampling
from creativity.denoisers import build
from creativity.denoisers.calibrated import PATCHES
from creativity.denoisers.files import load_weights
from creativity.device import add_options, chosen


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "model", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    add_options(parser)
    args = parser.parse_args()
    images, device = torch.from_numpy(store.units(args.train)), chosen(args)
    config, sampling = job.settings(Family, args.params["family"]), job.settings(Sampling, args.params["sampling"])
    rows = []
    if job.model_facts(args.model)["status"] != "diverged":
        network = build(job.settings(Family, args.params["network"]), images)
        network.load_state_dict(load_weights(args.model))
        rows = calibrate(network.to(device), config, images, sampling, device)
    store.write(args.out, PATCHES, rows, job.stamp(args, [args.train, args.model]))


if __name__ == "__main__":
    job.run(main)
