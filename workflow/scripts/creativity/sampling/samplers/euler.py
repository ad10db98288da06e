"""The sampler `euler`: Euler's method, with one evaluation of the denoiser a step."""

from creativity.sampling.samplers import At, Memory, slope
from creativity.tensors import Denoiser, Images


def step(denoise: Denoiser, x: Images, at: At, memory: Memory) -> tuple[Images, Memory]:
    """x + h s, with h = sigma' - sigma and s the slope at x."""
    return x + (at.following - at.sigma) * slope(denoise, x, at.sigma), None
