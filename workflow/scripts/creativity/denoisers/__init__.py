"""Denoisers D(x, sigma), which estimate the clean image y behind x = y + sigma eps.

Each family of denoisers is one module with a function `build(config, images)`; the module is imported by the family's name.
"""

from importlib import import_module
from typing import Any

import torch
from torch import nn

from creativity.families.base import Convolutional, Family
from creativity.tensors import Images


def build(config: Family, images: Images, seed: int = 0) -> nn.Module:
    """The denoiser that a family's configuration describes: untrained, or complete where the family is in closed form.

    images: the training images [n, c, h, w] in -1..1; trained families only take the image shape and sigma_data from them.
    seed: of the initial weights; torch's global random state is left as it was. The denoiser is in evaluation mode.
    Raises UserError where what a user brought cannot be used.

    >>> from creativity.families import parse
    >>> images = torch.tensor([-1.0, 1.0]).reshape(2, 1, 1, 1)  # two training images of one pixel
    >>> denoiser = build(parse({"family": "bayes"}), images)
    >>> denoiser(x=torch.full((1, 1, 1, 1), 0.3), sigma=torch.tensor([0.1])).item()
    1.0
    """
    module = import_module(f"creativity.denoisers.{config.family.replace('-', '_')}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return module.build(config, images).eval()  # nothing is left out but in a step of training


def channels_last(denoiser: nn.Module, family: Family) -> nn.Module:
    """The denoiser with the weights of its convolutions channels last, which is faster, where it is a network of ours.

    A module that a user brought may take a `view` of what its convolutions give, and is left as it is.
    """
    return denoiser.to(memory_format=torch.channels_last) if isinstance(family, Convolutional) else denoiser


def parameters(denoiser: nn.Module) -> int:
    """Number of trained weights; where nothing is trained, number of values in the state dict."""
    trained = sum(p.numel() for p in denoiser.parameters())
    return trained or sum(value.numel() for value in denoiser.state_dict().values())


def receptive_field(denoiser: nn.Module) -> int | None:
    """Side, in pixels, of the input patch that the convolutions of one output pixel cover; None: the whole image, or not known."""
    side: Any = getattr(getattr(denoiser, "net", denoiser), "receptive_field", None)
    return side if isinstance(side, int) else None


def trained_levels(denoiser: nn.Module) -> tuple[float, float] | None:
    """The lowest and the highest noise level that a network was trained on elsewhere, where this is known."""
    return getattr(denoiser, "trained_levels", None)
