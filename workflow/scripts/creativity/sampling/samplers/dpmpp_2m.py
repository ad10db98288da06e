"""The sampler `dpmpp-2m`: DPM-Solver++(2M), which extrapolates from the step before (Lu et al. 2022, arXiv 2211.01095)."""

import math

from creativity.sampling.samplers import At, Memory, denoised_at
from creativity.tensors import Denoiser, Images


def step(denoise: Denoiser, x: Images, at: At, memory: Memory) -> tuple[Images, Memory]:
    """(sigma' / sigma) x + (1 - sigma' / sigma) D, with D = D_now + (D_now - D_before) h / (2 h_before), h = ln(sigma / sigma').

    Second order, with one evaluation of the denoiser a step (algorithm 2). The first step, and that to sigma = 0, use D = D_now.
    """
    now = denoised_at(denoise, x, at.sigma)
    if not at.following:
        return now, None
    h, denoised = math.log(at.sigma / at.following), now
    if memory is not None:
        before, h_before = memory
        denoised = now + (now - before) * (h / (2 * h_before))
    ratio = at.following / at.sigma
    return ratio * x + (1 - ratio) * denoised, (now, h)
