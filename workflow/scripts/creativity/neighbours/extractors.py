"""Features of images by networks that others trained: spaces in which sets are compared. The weights are a file of the user's."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from creativity import store
from creativity.campaign.sections import INCEPTION, Extractor
from creativity.errors import UserError
from creativity.types import Pictures

BATCH = 32
SIDE = 224  # of the images that DINOv2 is shown
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's channels
ARCHITECTURES = {f"dinov2-vit{name[0]}14": f"vit_{name}_patch14_dinov2" for name in ("small", "base", "large", "giant")}

Features = np.ndarray[Any, np.dtype[np.float32]]


class Inception(nn.Module):
    """The 2048 pooled numbers of the Inception network of the Frechet inception distance (Heusel et al. 2017)."""

    def __init__(self, weights: Path) -> None:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

        super().__init__()
        torch.load(weights, map_location="cpu", weights_only=True)  # tensors alone: the package itself would run what a file says
        self.net = FeatureExtractorInceptionV3("inception", ["2048"], str(weights))

    def forward(self, bytes_: Tensor) -> Tensor:
        return self.net(bytes_)[0]


class Dino(nn.Module):
    """The class token of DINOv2 (Oquab et al. 2023), as Stein et al. (2023) judge generated images by it."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, architecture: str, weights: Path) -> None:
        import timm

        super().__init__()
        known = {"file": str(weights)}
        self.net = timm.create_model(architecture, pretrained=True, pretrained_cfg_overlay=known, num_classes=0, img_size=SIDE)
        for name, values in (("mean", MEAN), ("deviation", DEVIATION)):
            self.register_buffer(name, torch.tensor(values)[:, None, None])

    def forward(self, bytes_: Tensor) -> Tensor:
        x = nn.functional.interpolate(bytes_ / 255, size=(SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 1)
        return self.net((x - self.mean) / self.deviation)


def load(extractor: Extractor, weights: Path, device: torch.device) -> nn.Module:
    """The network that takes uint8 [n, 3, h, w] to features [n, d]. Raises UserError where the file is not its weights."""
    try:
        net = Inception(weights) if extractor == INCEPTION else Dino(ARCHITECTURES[extractor], weights)
    except Exception as error:  # torch, pickle and timm each have their own for a file that is something else
        reason = str(error).splitlines()[0].split(". ")[0].rstrip(":. ") if str(error) else type(error).__name__
        raise UserError(f"features.weights: {weights} does not hold the weights of {extractor} ({reason}).") from None
    return net.to(device).eval().requires_grad_(False)


def extract(net: nn.Module, pictures: Pictures, device: torch.device) -> Features:
    """Features [n, d] of images in -1..1 [n, c, h, w], which are rounded to 256 grey values as in a file of images."""
    found = [net(to_bytes(pictures[i : i + BATCH]).to(device)).float().cpu().numpy() for i in range(0, len(pictures), BATCH)]
    return np.concatenate(found) if found else np.zeros((0, 0), dtype=np.float32)


def to_bytes(pictures: Pictures) -> Tensor:
    """Three channels of 0..255; grey images have the same three."""
    levels = torch.from_numpy(store.from_unit(pictures))
    return levels.expand(-1, 3, -1, -1).contiguous()
