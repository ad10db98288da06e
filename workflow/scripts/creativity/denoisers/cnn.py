"""The family `cnn`: convolutional networks at full resolution.

There is no pooling, attention or normalisation over space, so an output pixel depends on a patch of fixed side and nothing else.
"""

from torch import nn

from creativity.denoisers.dropout import dropout
from creativity.denoisers.embedding import Modulation, NoiseEmbedding
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.cnn import Cnn
from creativity.tensors import Images, Sigma


def build(config: Cnn, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w]."""
    return Preconditioned(CnnNet(config, channels=images.shape[1]), sigma_data(images))


class CnnNet(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w] through depth + 1 convolutions with residual connections.

    Its receptive field is exactly 1 + (depth + 1) (kernel - 1) pixels, as nothing is normalised over space.
    """

    def __init__(self, config: Cnn, channels: int) -> None:
        super().__init__()

        def conv(incoming: int, outgoing: int) -> nn.Conv2d:
            return nn.Conv2d(incoming, outgoing, config.kernel, padding=config.kernel // 2, padding_mode=config.padding)

        self.receptive_field = 1 + (config.depth + 1) * (config.kernel - 1)
        self.embed = NoiseEmbedding(64)
        inputs = [channels] + [config.width] * (config.depth - 1)
        self.layers = nn.ModuleList(conv(n, config.width) for n in inputs)
        self.modulations = nn.ModuleList(Modulation(64, config.width) for _ in inputs)
        self.last, self.drop = conv(config.width, channels), dropout(config.dropout)
        nn.init.zeros_(self.last.weight)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        embedding, h = self.embed(c_noise), x
        for layer, modulate in zip(self.layers, self.modulations, strict=True):
            update = self.drop(nn.functional.silu(modulate(layer(h), embedding)))
            h = h + update if h.shape == update.shape else update
        return self.last(h)
