"""The loss over all noise levels of training, from losses that are known in bins of them."""

import math
from statistics import NormalDist

import numpy as np

from creativity.campaign.sections import Training
from creativity.types import Values


def expected_loss(low: Values, high: Values, loss: Values, config: Training) -> float:
    """The mean over training's ln sigma ~ N(p_mean, p_std^2) of a loss known in bins of sigma, which leave out the tails."""
    below = [NormalDist(config.p_mean, config.p_std).cdf(math.log(edge)) for edge in (*low, high[-1])]
    weight = np.diff(below)
    return float((weight * loss).sum() / weight.sum())
