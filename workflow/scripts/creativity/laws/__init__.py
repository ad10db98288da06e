"""Laws: exact predictions of what a sampler generates with a closed-form denoiser, on the finite grid of noise levels it uses.

Each kind of denoiser that has a law is one module with a function `law(config, images, grid) -> Law`.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the Snakefile asks for names alone
    from creativity.laws.law import Grid, Law
    from creativity.types import Vectors


def build(name: str, config: Mapping[str, Any], images: "Vectors", grid: "Grid") -> "Law":
    """The law of a module's name. config: the options of the denoiser's family; images: the training images [n, d], float64."""
    return import_module(f"creativity.laws.{name}").law(config, images, grid)
