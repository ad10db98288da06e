"""The family `autoencoder`: a trained bottleneck.

An encoder maps the noisy image to `dim` numbers; the decoder receives these numbers and the noise level, and nothing else.
"""

from torch import Tensor, nn

from creativity.denoisers.embedding import ModulatedLinear
from creativity.denoisers.mlp import MlpNet
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.autoencoder import Autoencoder
from creativity.tensors import Images, Sigma


def build(config: Autoencoder, images: Images) -> Preconditioned:
    """The untrained denoiser, for the shape and the sigma_data of these training images [n, c, h, w].

    It has no EDM skip connection: c_skip x would carry the whole image past the bottleneck.
    """
    return Preconditioned(EncoderDecoder(config, values=images[0].numel()), sigma_data(images), skip=False)


class EncoderDecoder(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w] through a code [b, dim]: the Jacobian in x has rank `dim` at most."""

    def __init__(self, config: Autoencoder, values: int) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image

        def layers(kind: str, incoming: int, outgoing: int) -> nn.Module:
            if kind == "linear":
                return ModulatedLinear(incoming, outgoing)
            return MlpNet(config.width, config.depth, incoming, (outgoing,))

        self.encoder = layers(config.encoder, values, config.dim)
        self.decoder = layers(config.decoder, config.dim, values)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        code: Tensor = self.encoder(x, c_noise)
        return self.decoder(code, c_noise).reshape(x.shape)
