"""Dropout (Srivastava et al. 2014): each step of training leaves out a random share of the hidden numbers.

A denoiser is built in evaluation mode, in which nothing is left out; only a step of training switches it on.
"""

from torch import nn


def dropout(share: float) -> nn.Module:
    """The layer that leaves out this share in training, and nothing at all where it is 0."""
    return nn.Dropout(share) if share else nn.Identity()


def trains_otherwise(denoiser: nn.Module) -> bool:
    """Whether a step of training may differ from an evaluation: by dropout, statistics of batches, or layers of a user's own."""
    layers = list(denoiser.modules())
    known = all(type(layer).__module__.startswith(("creativity.", "torch.nn.")) for layer in layers)
    return not known or any(isinstance(layer, nn.modules.dropout._DropoutNd | nn.modules.batchnorm._NormBase) for layer in layers)
