"""Samplers: how the noisy image x goes from one noise level to the next. Each file of this folder is the sampler of that name.

Each has `step(denoise, x, at, memory) -> (x, memory)`, which takes x [b, c, h, w] from the level `at.sigma` to the level
`at.following`, 0 in the last step. memory: what the step before returned for this one; None in the first step.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from creativity.campaign.sections import Sampling
from creativity.tensors import Denoiser, Images

Memory = Any


class At(NamedTuple):
    """The place of a step: its noise level, the following level, the number of all steps, and the options of the sampler.

    fresh: draws standard normal noise for these samples at this step, which does not depend on the rest of the batch.
    """

    sigma: float
    following: float
    steps: int
    sampling: Sampling
    fresh: Callable[[], Images]


Step = Callable[[Denoiser, Images, At, Memory], tuple[Images, Memory]]


def sampler(name: str) -> Step:
    """The function `step` of the sampler of this name."""
    step: Step = import_module(f"creativity.sampling.samplers.{name.replace('-', '_')}").step
    return step


def denoised_at(denoise: Denoiser, x: Images, sigma: float) -> Images:
    """D(x, sigma) for images that are all at the same noise level."""
    return denoise(x, x.new_full((len(x),), sigma))


def slope(denoise: Denoiser, x: Images, sigma: float) -> Images:
    """dx / dsigma = (x - D(x, sigma)) / sigma, the probability-flow equation (Karras et al. 2022, eq. 1)."""
    return (x - denoised_at(denoise, x, sigma)) / sigma
