"""The sampler `heun-churn`: Heun's method with fresh noise added before each step (Karras et al. 2022, algorithm 2)."""

import math

from creativity.sampling.samplers import At, Memory, slope
from creativity.tensors import Denoiser, Images


def step(denoise: Denoiser, x: Images, at: At, memory: Memory) -> tuple[Images, Memory]:
    """Fresh noise raises the level to sigma^ = (1 + g) sigma; from there a step of Heun's method goes to sigma'.

    g = min(churn / steps, sqrt(2) - 1) for sigma between churn_low and churn_high, otherwise 0; the noise has standard deviation
    churn_scale sqrt(sigma^^2 - sigma^2).
    """
    sampling = at.sampling
    churned = sampling.churn_low <= at.sigma <= sampling.churn_high
    raised = at.sigma * (1 + min(sampling.churn / at.steps, math.sqrt(2) - 1)) if churned else at.sigma
    if raised > at.sigma:
        x = x + sampling.churn_scale * math.sqrt(raised**2 - at.sigma**2) * at.fresh()
    h = at.following - raised
    first = slope(denoise, x, raised)
    end = x + h * first
    return (x + h * (first + slope(denoise, end, at.following)) / 2 if at.following else end), None
