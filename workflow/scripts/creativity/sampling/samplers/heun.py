"""The sampler `heun`: Heun's method, which averages two slopes a step (Karras et al. 2022, algorithm 1)."""

from creativity.sampling.samplers import At, Memory, slope
from creativity.tensors import Denoiser, Images


def step(denoise: Denoiser, x: Images, at: At, memory: Memory) -> tuple[Images, Memory]:
    """x + h (s + s') / 2, with s and s' the slopes at x and where Euler's step leads. The step to sigma = 0 is Euler's."""
    h = at.following - at.sigma
    first = slope(denoise, x, at.sigma)
    end = x + h * first
    return (x + h * (first + slope(denoise, end, at.following)) / 2 if at.following else end), None
