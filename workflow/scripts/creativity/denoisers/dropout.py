"""Dropout (Srivastava et al. 2014): each step of training leaves out a random share of the hidden numbers.

A denoiser is built in evaluation mode, in which nothing is left out; only a step of training switches it on.
"""

from torch import nn


def dropout(share: float) -> nn.Module:
    """The layer that leaves out this share in training, and nothing at all where it is 0."""
    return nn.Dropout(share) if share else nn.Identity()


def drops(denoiser: nn.Module) -> bool:
    """Whether a denoiser has such a layer."""
    return any(isinstance(layer, nn.Dropout) for layer in denoiser.modules())
