"""Features of images from networks that others trained (Inception, DINOv2), in which sets of images can be compared.

The user supplies the file of the network's weights; nothing is downloaded.
"""

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
SIDE = 224  # of DINOv2's input images, in pixels
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's channels
ARCHITECTURES = {f"dinov2-vit{name[0]}14": f"vit_{name}_patch14_dinov2" for name in ("small", "base", "large", "giant")}

Features = np.ndarray[Any, np.dtype[np.float32]]


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

    mean: Tensor
    deviation: Tensor

    def __init__(self, architecture: str, weights: Path) -> None:
        import timm

        super().__init__()
        source = {"file": str(weights)}
        self.net = timm.create_model(architecture, pretrained=True, pretrained_cfg_overlay=source, num_classes=0, img_size=SIDE)
        for name, values in (("mean", MEAN), ("deviation", DEVIATION)):
            self.register_buffer(name, torch.tensor(values)[:, None, None])

    def forward(self, bytes_: Tensor) -> Tensor:
        x = nn.functional.interpolate(bytes_ / 255, size=(SIDE, SIDE), mode="bicubic", antialias=True).clamp(0, 1)
        return self.net((x - self.mean) / self.deviation)


def load(extractor: Extractor, weights: Path, device: torch.device) -> nn.Module:
    """The network, from uint8 images [n, 3, h, w] to features [n, d]. Raises UserError where the file does not hold its weights."""
    try:
        net = Inception(weights) if extractor == INCEPTION else Dino(ARCHITECTURES[extractor], weights)
    except Exception as error:  # torch, pickle and timm raise different ones for a wrong file
        reason = str(error).splitlines()[0].split(". ")[0].rstrip(":. ") if str(error) else type(error).__name__
        raise UserError(f"features.weights: {weights} does not hold the weights of {extractor} ({reason}).") from None
    return net.to(device).eval().requires_grad_(False)


def extract(net: nn.Module, pictures: Pictures, device: torch.device) -> Features:
    """Features [n, d] of images in -1..1 [n, c, h, w], rounded to the 256 levels of an image file first."""
    batches = [net(to_bytes(pictures[i : i + BATCH]).to(device)).float().cpu().numpy() for i in range(0, len(pictures), BATCH)]
    return np.concatenate(batches) if batches else np.zeros((0, 0), dtype=np.float32)


def to_bytes(pictures: Pictures) -> Tensor:
    """Images in -1..1 as uint8 with three channels [n, 3, h, w]; a grey channel is repeated."""
    levels = torch.from_numpy(store.from_unit(pictures))
    return levels.expand(-1, 3, -1, -1).contiguous()
