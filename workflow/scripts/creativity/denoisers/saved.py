"""The denoiser of a run, as its configuration and its files hold it."""

import argparse
from pathlib import Path
from typing import NamedTuple

from torch import nn

from creativity import job, store
from creativity.config import Family
from creativity.denoisers.calibrated import build_with, schedule
from creativity.denoisers.files import load_weights
from creativity.tensors import Images


class Saved(NamedTuple):
    """A denoiser on the CPU, how its making ended, and the files that it came from.

    status: "trained", "diverged" (its own training, or that of the network it is calibrated by) or "closed form".
    """

    denoiser: nn.Module
    status: str
    files: list[Path]


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, help="weights, of trained families")
    parser.add_argument("--patches", type=Path, help="patches by noise level, of calibrated families")


def restore(args: argparse.Namespace, images: Images) -> Saved:
    """The denoiser that args.params["family"] describes, with its weights or patches where the options name them."""
    patches = schedule(store.read(args.patches)) if args.patches else None
    denoiser = build_with(job.settings(Family, args.params["family"]), images, patches)
    status = "diverged" if patches == {} else "closed form"
    if args.model:
        denoiser.load_state_dict(load_weights(args.model))
        status = job.model_facts(args.model)["status"]
    return Saved(denoiser, status, [path for path in (args.model, args.patches) if path])
