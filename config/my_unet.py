"""A network of one's own: a small UNet with one pooling layer, trained by the campaign config/module.yaml."""

import torch
from torch import Tensor, nn


def build(images: Tensor, width: int = 16) -> nn.Module:
    """images: the training images [n, c, h, w] in -1..1; width: from `options` of the campaign file."""
    return MyUnet(images.shape[1], width)


class MyUnet(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w]; c_noise = ln(sigma) / 4 tells the noise level."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.level = nn.Sequential(nn.Linear(1, width), nn.SiLU(), nn.Linear(width, width))
        self.first = nn.Conv2d(channels, width, 3, padding=1)
        self.down = nn.Conv2d(width, 2 * width, 3, padding=1, stride=2)
        self.middle = nn.Conv2d(2 * width, 2 * width, 3, padding=1)
        self.up = nn.Conv2d(3 * width, width, 3, padding=1)
        self.last = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x: Tensor, c_noise: Tensor) -> Tensor:
        fine = torch.relu(self.first(x) + self.level(c_noise[:, None])[:, :, None, None])
        coarse = torch.relu(self.middle(torch.relu(self.down(fine))))
        coarse = nn.functional.interpolate(coarse, size=x.shape[2:])
        return self.last(torch.relu(self.up(torch.cat([fine, coarse], dim=1))))
