"""A fully connected network: every pixel sees every pixel, and width alone sets what it can hold."""

from torch import nn

from creativity.config import Mlp
from creativity.denoisers.embedding import Modulation, NoiseEmbedding
from creativity.precondition import Preconditioned, sigma_data
from creativity.tensors import Images, Sigma


def build(config: Mlp, images: Images) -> Preconditioned:
    """The untrained denoiser for images of this shape and spread."""
    return Preconditioned(MlpNet(config, values=images[0].numel()), sigma_data(images))


class MlpNet(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w] through `depth` residual layers of `width`, modulated by the noise level."""

    def __init__(self, config: Mlp, values: int) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image
        self.embed = NoiseEmbedding(64)
        self.first = nn.Linear(values, config.width)
        self.layers = nn.ModuleList(nn.Linear(config.width, config.width) for _ in range(config.depth))
        self.modulations = nn.ModuleList(Modulation(64, config.width) for _ in range(config.depth))
        self.last = nn.Linear(config.width, values)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        embedding, h = self.embed(c_noise), self.first(x.flatten(1))
        for layer, modulate in zip(self.layers, self.modulations, strict=True):
            h = h + nn.functional.silu(modulate(layer(h), embedding))
        return self.last(h).reshape(x.shape)
