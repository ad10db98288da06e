"""The denoiser of a run, from its options and the files that its making left."""

from pathlib import Path
from typing import NamedTuple

from torch import nn

from creativity import store
from creativity.denoisers.calibrated import build_with, schedule
from creativity.denoisers.state import load_state
from creativity.families.base import Family
from creativity.store.weights import read_facts
from creativity.tensors import Images


class Saved(NamedTuple):
    """A denoiser on the CPU, and how its making ended.

    status: "trained", "diverged" (its own training, or that of the network it is calibrated by) or "closed form".
    """

    denoiser: nn.Module
    status: str


def restore(family: Family, images: Images, model: Path | None = None, patches: Path | None = None) -> Saved:
    """The denoiser of a family, with its weights or its patches where there are any. images: the training images."""
    by_level = schedule(store.read(patches)) if patches else None
    denoiser = build_with(family, images, by_level)
    if model is None:
        return Saved(denoiser, "diverged" if by_level == {} else "closed form")
    denoiser.load_state_dict(load_state(model))
    return Saved(denoiser, read_facts(model)["status"])
