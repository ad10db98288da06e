"""One file a family, each with `build(config, images)`; found by the family's name."""

from importlib import import_module
from typing import Any

import torch
from torch import nn

from creativity.families.base import Family
from creativity.tensors import Images


def build(config: Family, images: Images, seed: int = 0) -> nn.Module:
    """The denoiser that a family's configuration describes: untrained, or complete where the family is in closed form.

    images: the training images [n, c, h, w] in -1..1; trained families take their shape and sigma_data from them.
    seed: of the first weights.
    """
    module = import_module(f"creativity.denoisers.{config.family.replace('-', '_')}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return module.build(config, images)


def parameters(denoiser: nn.Module) -> int:
    """Numbers a denoiser was fitted by: its trained weights, or all that its state holds where nothing is trained."""
    trained = sum(p.numel() for p in denoiser.parameters())
    return trained or sum(value.numel() for value in denoiser.state_dict().values())


def receptive_field(denoiser: nn.Module) -> int | None:
    """Side of the patch that one output pixel's convolutions see, in pixels; None: the whole image by construction."""
    net: Any = getattr(denoiser, "net", denoiser)
    return net.receptive_field
