"""The family `mlp`: fully connected networks.

Every output pixel depends on every input pixel; no locality or symmetry is built in.
"""

import math
from collections.abc import Sequence

from torch import Tensor, nn

from creativity.denoisers.dropout import dropout
from creativity.denoisers.embedding import Modulation, NoiseEmbedding
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.mlp import Mlp
from creativity.tensors import Images, Sigma


def build(config: Mlp, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w]."""
    shape = images.shape[1:]
    return Preconditioned(MlpNet(config.width, config.depth, shape.numel(), shape, config.dropout), sigma_data(images))


class MlpNet(nn.Module):
    """(x: [b, ...], c_noise: [b]) -> [b, *shape] through `depth` residual layers of `width` units, modulated by the noise level.

    share: of the units that a step of training leaves out.
    """

    def __init__(self, width: int, depth: int, incoming: int, shape: Sequence[int], share: float = 0.0) -> None:
        super().__init__()
        self.shape, self.drop = tuple(shape), dropout(share)
        self.receptive_field = None  # the whole image
        self.embed = NoiseEmbedding(64)
        self.first = nn.Linear(incoming, width)
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.modulations = nn.ModuleList(Modulation(64, width) for _ in range(depth))
        self.last = nn.Linear(width, math.prod(shape))
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Tensor, c_noise: Sigma) -> Tensor:
        embedding, h = self.embed(c_noise), self.first(x.flatten(1))
        for layer, modulate in zip(self.layers, self.modulations, strict=True):
            h = h + self.drop(nn.functional.silu(modulate(layer(h), embedding)))
        return self.last(h).unflatten(1, self.shape)
