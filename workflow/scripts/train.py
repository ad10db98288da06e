"""Trains one denoiser on one subset with one seed."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import cast

import torch

from creativity import job, store
from creativity.config import Family, Training
from creativity.denoisers import build
from creativity.denoisers.files import in_one, save_weights
from creativity.device import add_options, chosen
from creativity.precondition import Preconditioned
from creativity.resume import Keeper
from creativity.train import HISTORY, LOSSES, Row, fit


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "heldout", "model", "checkpoints", "history", "losses"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    add_options(parser)
    parser.add_argument("--name", default="", help="how progress calls this run")
    args = parser.parse_args()
    config, seed = job.settings(Training, args.params["training"]), args.params["seed"]
    images, heldout = (torch.from_numpy(store.units(path)) for path in (args.train, args.heldout))
    device = chosen(args)
    job.log.info("%s: on %s, CUDA_VISIBLE_DEVICES=%s", args.name, device, os.environ.get("CUDA_VISIBLE_DEVICES", ""))
    denoiser = build(job.settings(Family, args.params["family"]), images, seed).to(device)
    if device.type == "cuda":
        denoiser = denoiser.to(memory_format=torch.channels_last)
    stamp = job.stamp(args, [args.train, args.heldout])
    keeper = Keeper(args.model.with_name("state.safetensors"), store.digest(content=stamp.content_hash, device=device.type))
    result = fit(cast(Preconditioned, denoiser), images, heldout, config, seed, reporter(args.name, config.steps), keeper)
    facts = stamp._asdict() | {"status": result.status, "family": args.params["family"]}
    *early, last = result.checkpoints
    save_weights(args.model, result.checkpoints[last], facts | {"step": last})
    save_weights(args.checkpoints, in_one({str(step): result.checkpoints[step] for step in early}), facts)
    store.write(args.history, HISTORY, result.history, stamp)
    store.write(args.losses, LOSSES, result.losses, stamp)
    keeper.forget()


def reporter(name: str, steps: int) -> Callable[[Row], None]:
    """Prints about ten lines a training: how far it is, the loss, and what is left."""
    due = [0.1]

    def report(row: Row) -> None:
        if row.step >= due[0] * steps:
            left = row.seconds / row.step * (steps - row.step)
            job.log.info("%s: step %d of %d, loss %.3f, %.0f s left", name, row.step, steps, row.loss, left)
            due[0] = row.step / steps + 0.1

    return report


if __name__ == "__main__":
    job.run(main)
