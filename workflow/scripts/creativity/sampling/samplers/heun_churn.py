"""Heun's method with churn: noise is put back before each step (Karras et al. 2022, algorithm 2). Stochastic."""

import math

from creativity.sampling.samplers import At, Memory, slope
from creativity.tensors import Denoiser, Images


def step(denoise: Denoiser, x: Images, at: At, memory: Memory) -> tuple[Images, Memory]:
    """Up to sigma^ = (1 + g) sigma by fresh noise, then a step of Heun's from there to sigma'.

    g = min(churn / steps, sqrt(2) - 1) for sigma between churn_low and churn_high, otherwise 0; the noise has standard deviation
    churn_scale sqrt(sigma^^2 - sigma^2).
    """
    config = at.config
    churned = config.churn_low <= at.sigma <= config.churn_high
    raised = at.sigma * (1 + min(config.churn / at.steps, math.sqrt(2) - 1)) if churned else at.sigma
    if raised > at.sigma:
        x = x + config.churn_scale * math.sqrt(raised**2 - at.sigma**2) * at.fresh()
    h = at.following - raised
    first = slope(denoise, x, raised)
    end = x + h * first
    return (x + h * (first + slope(denoise, end, at.following)) / 2 if at.following else end), None
