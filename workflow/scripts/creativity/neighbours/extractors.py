"""Features of images from networks that others trained (Inception, DINOv2, any TorchScript file), a space to compare images in.

The user supplies the file of the network's weights; nothing is downloaded.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from creativity import store
from creativity.campaign.sections import IMAGENET, INCEPTION, TORCHSCRIPT, Channels, Features
from creativity.errors import UserError
from creativity.types import Pictures

BATCH = 32
SIDE = 224  # of DINOv2's input images, in pixels
ARCHITECTURES = {f"dinov2-vit{name[0]}14": f"vit_{name}_patch14_dinov2" for name in ("small", "base", "large", "giant")}

Rows = np.ndarray[Any, np.dtype[np.float32]]


class Inception(nn.Module):
    """The 2048 pooled features of the Inception network, as in the Frechet inception distance (Heusel et al. 2017)."""

    def __init__(self, weights: Path) -> None:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

        super().__init__()
        torch.load(
            weights, map_location="cpu", weights_only=True
        )  # raises where the file holds more than tensors: the package would run its code
        self.net = FeatureExtractorInceptionV3("inception", ["2048"], str(weights))

    def forward(self, bytes_: Tensor) -> Tensor:
        return self.net(bytes_)[0]


class Dino(nn.Module):
    """The class token of DINOv2 (Oquab et al. 2023), which Stein et al. (2023) judge generated images by."""

    def __init__(self, architecture: str, weights: Path) -> None:
        import timm

        super().__init__()
        source = {"file": str(weights)}
        self.net = timm.create_model(architecture, pretrained=True, pretrained_cfg_overlay=source, num_classes=0, img_size=SIDE)
        self.normalise = Normalise(SIDE, *IMAGENET)

    def forward(self, bytes_: Tensor) -> Tensor:
        return self.net(self.normalise(bytes_))


class Script(nn.Module):
    """A network in a TorchScript file, such as SSCD, which finds copies (Pizzi et al. 2022): one row of numbers an image."""

    def __init__(self, settings: Features, weights: Path) -> None:
        super().__init__()
        self.net = torch.jit.load(weights, map_location="cpu")
        self.normalise = Normalise(settings.size, settings.mean, settings.deviation)

    def forward(self, bytes_: Tensor) -> Tensor:
        return self.net(self.normalise(bytes_))


class Normalise(nn.Module):
    """Brings uint8 images [n, 3, h, w] to a square of a side, by bicubic interpolation, and standardises their channels."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, side: int, mean: Channels, deviation: Channels) -> None:
        super().__init__()
        self.side = side
        for name, values in (("mean", mean), ("deviation", deviation)):
            self.register_buffer(name, torch.tensor(values)[:, None, None])

    def forward(self, bytes_: Tensor) -> Tensor:
        x = nn.functional.interpolate(bytes_ / 255, size=(self.side, self.side), mode="bicubic", antialias=True).clamp(0, 1)
        return (x - self.mean) / self.deviation


def load(settings: Features, weights: Path, device: torch.device) -> nn.Module:
    """The network, from uint8 images [n, 3, h, w] to features [n, d].

    Raises UserError where the file does not hold its weights, or a TorchScript file no network from images to rows of numbers.
    """
    try:
        net = network(settings, weights)
    except Exception as error:  # torch, pickle and timm raise different ones for a wrong file
        raise UserError(f"features.weights: {weights} does not hold {told(settings)} ({reason(error)}).") from None
    net = net.to(device).eval().requires_grad_(False)
    check(net, settings, weights, device)
    return net


def network(settings: Features, weights: Path) -> nn.Module:
    if settings.extractor == TORCHSCRIPT:
        return Script(settings, weights)
    return Inception(weights) if settings.extractor == INCEPTION else Dino(ARCHITECTURES[str(settings.extractor)], weights)


def check(net: nn.Module, settings: Features, weights: Path, device: torch.device) -> None:
    """Raises UserError where the network does not make one row of finite numbers of each of two images."""
    try:
        rows = net(torch.arange(2 * 3 * 64, dtype=torch.uint8, device=device).reshape(2, 3, 8, 8))
    except Exception as error:  # whatever the code in the file raises
        raise UserError(f"features.weights: {weights} fails on images of side {settings.size} ({reason(error)}).") from None
    shape = list(rows.shape) if isinstance(rows, Tensor) else type(rows).__name__
    if not isinstance(rows, Tensor) or rows.ndim != 2 or len(rows) != 2 or not rows.is_floating_point():
        raise UserError(f"features.weights: {weights} gives {shape} for 2 images; allowed: [2, d], a row of numbers each.")
    if not rows.isfinite().all():
        raise UserError(f"features.weights: {weights} gives numbers that are not finite; allowed: finite numbers.")


def told(settings: Features) -> str:
    return "a TorchScript network" if settings.extractor == TORCHSCRIPT else f"the weights of {settings.extractor}"


def reason(error: Exception) -> str:
    """An error in a few words: its first sentence, or of an error in TorchScript the last line."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    line = lines[-1] if lines and "TorchScript" in lines[0] else "".join(lines[:1])
    return line.split(". ")[0].strip().rstrip(":. ") or type(error).__name__


def extract(net: nn.Module, pictures: Pictures, device: torch.device) -> Rows:
    """Features [n, d] of images in -1..1 [n, c, h, w], rounded to the 256 levels of an image file first.

    Raises UserError where they are not finite.
    """
    batches = [net(to_bytes(pictures[i : i + BATCH]).to(device)).float().cpu().numpy() for i in range(0, len(pictures), BATCH)]
    rows = np.concatenate(batches) if batches else np.zeros((0, 0), dtype=np.float32)
    if not np.isfinite(rows).all():
        raise UserError("features.weights: the network gives features that are not finite of some images; allowed: finite numbers.")
    return rows


def to_bytes(pictures: Pictures) -> Tensor:
    """Images in -1..1 as uint8 with three channels [n, 3, h, w]; a grey channel is repeated."""
    levels = torch.from_numpy(store.from_unit(pictures))
    return levels.expand(-1, 3, -1, -1).contiguous()
