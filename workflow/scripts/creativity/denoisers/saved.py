"""Rebuilds the denoiser of a finished run from its options and from its files: trained weights, or calibrated patch sides."""

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
    """A denoiser on the CPU, and its status: "trained", "closed form", "given" (trained elsewhere) or "diverged".

    Diverged is its own training, or the training of the network that its patch sides are calibrated to.
    """

    denoiser: nn.Module
    status: str


def restore(family: Family, images: Images, model: Path | None = None, patches: Path | None = None) -> Saved:
    """The denoiser of a family on its training images [n, c, h, w].

    model: the file of trained weights, patches: the table of calibrated patch sides; None where the family has none.
    Raises StoreError where a file cannot be read.
    """
    patch_sides = schedule(store.read(patches)) if patches else None
    denoiser = build_with(family, images, patch_sides)
    if model is None:
        complete = "given" if family.kind == "external" else "closed form"
        return Saved(denoiser, "diverged" if patch_sides == {} else complete)
    denoiser.load_state_dict(load_state(model))
    return Saved(denoiser, read_facts(model)["status"])
