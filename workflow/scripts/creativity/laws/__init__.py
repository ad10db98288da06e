"""Laws: what the sampler must give with a denoiser of a class, on the finite grid of noise levels that is used; a module each."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the Snakefile asks for names alone
    from creativity.laws.law import Grid, Law
    from creativity.types import Vectors


def build(name: str, config: Mapping[str, Any], images: "Vectors", grid: "Grid") -> "Law":
    """The law of that name for these training images [n, d], float64, on this grid."""
    return import_module(f"creativity.laws.{name}").law(config, images, grid)
