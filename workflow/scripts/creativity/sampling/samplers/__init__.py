"""Samplers: how x goes from one noise level to the next. A file a sampler, found by its name.

Each has `step(denoise, x, at, memory) -> (x, memory)`: x [b, c, h, w] at the level `at.sigma` goes to `at.following`, which is 0 in
the last step. memory: whatever the step before left for this one; None in the first.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from creativity.campaign.sections import Sampling
from creativity.tensors import Denoiser, Images

Memory = Any


class At(NamedTuple):
    """Where a step stands: its noise level and the next, the number of all steps, and the settings.

    fresh: unit noise for these samples at this step, the same whatever else is in the batch.
    """

    sigma: float
    following: float
    steps: int
    config: Sampling
    fresh: Callable[[], Images]


Step = Callable[[Denoiser, Images, At, Memory], tuple[Images, Memory]]


def sampler(name: str) -> Step:
    """The step of a sampler."""
    step: Step = import_module(f"creativity.sampling.samplers.{name.replace('-', '_')}").step
    return step


def denoised_at(denoise: Denoiser, x: Images, sigma: float) -> Images:
    """The clean images expected behind x, all at one level."""
    return denoise(x, x.new_full((len(x),), sigma))


def slope(denoise: Denoiser, x: Images, sigma: float) -> Images:
    """dx / dsigma = (x - D(x, sigma)) / sigma, the probability-flow equation (Karras et al. 2022, eq. 1)."""
    return (x - denoised_at(denoise, x, sigma)) / sigma
