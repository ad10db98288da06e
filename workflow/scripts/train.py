"""Trains one denoiser on one subset with one seed, or on several subsets with several seeds at once."""

import argparse
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import torch

from creativity import job, store
from creativity.config import Family, Training
from creativity.denoisers import build
from creativity.denoisers.files import in_one, save_weights
from creativity.device import add_options, chosen
from creativity.fit import fit_together
from creativity.precondition import Preconditioned
from creativity.resume import Keeper
from creativity.train import HISTORY, LOSSES, Fit, Row

OUTPUTS = ("model", "checkpoints", "history", "losses")


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "heldout"):
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, help="one a subset")
    for name in OUTPUTS:
        parser.add_argument(f"--{name}", type=Path, nargs="+", required=True, help="one a subset and seed")
    add_options(parser)
    parser.add_argument("--name", default="", help="how progress calls this run")
    parser.add_argument("--live", default="off", help="an MLflow server that is told how it goes")
    args = parser.parse_args()
    config, sets = job.settings(Training, args.params["training"]), zip(args.train, args.heldout, strict=True)
    subsets = [[torch.from_numpy(store.units(path)) for path in paths] for paths in sets]
    images, heldout, seeds = zip(*((*subset, seed) for subset in subsets for seed in args.params["seeds"]), strict=True)
    device = chosen(args)
    job.log.info("%s: on %s, CUDA_VISIBLE_DEVICES=%s", args.name, device, os.environ.get("CUDA_VISIBLE_DEVICES", ""))
    family = job.settings(Family, args.params["family"])
    denoisers = [cast(Preconditioned, build(family, *each).to(device)) for each in zip(images, seeds, strict=True)]
    if device.type == "cuda":
        denoisers = [denoiser.to(memory_format=torch.channels_last) for denoiser in denoisers]
    stamp = job.stamp(args, [*args.train, *args.heldout])
    keeper = Keeper(args.model[0].with_name("state.safetensors"), store.digest(content=stamp.content_hash, device=device.type))
    progress = reporter(args.name, config.steps, curve_of(args))
    results = fit_together(denoisers, images, heldout, config, seeds, progress, keeper)
    for number, (result, *paths) in enumerate(zip(results, *(getattr(args, name) for name in OUTPUTS), strict=True)):
        own = stamp._replace(content_hash=store.digest(content=stamp.content_hash, number=number))
        write(result, dict(zip(OUTPUTS, paths, strict=True)), own, args.params["family"])
    keeper.forget()


def write(result: Fit, paths: dict[str, Path], stamp: store.Stamp, family: dict[str, Any]) -> None:
    """The outputs of one training."""
    facts = stamp._asdict() | {"status": result.status, "family": family}
    *early, last = result.checkpoints
    save_weights(paths["model"], result.checkpoints[last], facts | {"step": last})
    save_weights(paths["checkpoints"], in_one({str(step): result.checkpoints[step] for step in early}), facts)
    store.write(paths["history"], HISTORY, result.history, stamp)
    store.write(paths["losses"], LOSSES, result.losses, stamp)


def curve_of(args: argparse.Namespace) -> Callable[[Row], None]:
    """Tells a server each row, where one is to be told; its run is named by the folder of the first model."""
    if args.live == "off":
        return lambda row: None
    live = import_module("creativity.live")  # not by name: it decides no result, and its code is none of a training's
    tell: Callable[[Row], None] = live.curve(args.live, args.campaign, "/".join(args.model[0].parts[-4:-1]))
    return tell


def reporter(name: str, steps: int, tell: Callable[[Row], None]) -> Callable[[Row], None]:
    """Prints about ten lines a training: how far it is, the loss, and what is left; and tells every row on."""
    due = [0.1]

    def report(row: Row) -> None:
        tell(row)
        if row.step >= due[0] * steps:
            left = row.seconds / row.step * (steps - row.step)
            job.log.info("%s: step %d of %d, loss %.3f, %.0f s left", name, row.step, steps, row.loss, left)
            due[0] = row.step / steps + 0.1

    return report


if __name__ == "__main__":
    job.run(main)
