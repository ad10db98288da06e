"""Laws: what the sampler must give with a denoiser of a class, on the finite grid of noise levels that is used; a module each."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the Snakefile asks for names alone
    from creativity.laws.law import Grid, Law
    from creativity.types import Vectors


def names(config: Mapping[str, Any]) -> tuple[str, ...]:
    """The laws that samples of this family's configuration are held against; a trained family against those of its class.

    An autoencoder with a nonlinear part has no law of its own and is placed between its two neighbours.
    """
    family = config["family"]
    if family == "bayes":
        return ("bayes",)
    if family in ("linear", "linear-net"):
        return ("linear",)
    if family in ("polynomial", "polynomial-net"):  # polynomials in all coordinates together have no law of one of them
        return ("polynomial",) if config.get("basis", "coordinate") == "coordinate" else ()
    if family == "bottleneck":
        return ("rank",) if config["decoder"] == "linear" else ("bottleneck",)
    if family == "autoencoder":
        linear = config["encoder"] == config["decoder"] == "linear"
        return ("rank",) if linear else ("rank", "bottleneck")
    return ()


def build(name: str, config: Mapping[str, Any], images: "Vectors", grid: "Grid") -> "Law":
    """The law of that name for these training images [n, d], float64, on this grid."""
    return import_module(f"creativity.laws.{name}").law(config, images, grid)
