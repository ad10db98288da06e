"""A trained bottleneck: an encoder to a few numbers and a decoder that sees nothing else but the noise level."""

from torch import Tensor, nn

from creativity.denoisers.embedding import ModulatedLinear
from creativity.denoisers.mlp import MlpNet
from creativity.denoisers.precondition import Preconditioned, sigma_data
from creativity.families.autoencoder import Autoencoder
from creativity.tensors import Images, Sigma


def build(config: Autoencoder, images: Images) -> Preconditioned:
    """The untrained denoiser for images of this shape and spread.

    Without EDM's skip path: c_skip x would carry the whole image past the bottleneck.
    """
    return Preconditioned(EncoderDecoder(config, values=images[0].numel()), sigma_data(images), skip=False)


class EncoderDecoder(nn.Module):
    """(x: [b, c, h, w], c_noise: [b]) -> [b, c, h, w] through `dim` numbers: the rank of its Jacobian is at most `dim`."""

    def __init__(self, config: Autoencoder, values: int) -> None:
        super().__init__()
        self.receptive_field = None  # the whole image

        def part(kind: str, incoming: int, outgoing: int) -> nn.Module:
            if kind == "linear":
                return ModulatedLinear(incoming, outgoing)
            return MlpNet(config.width, config.depth, incoming, (outgoing,))

        self.encoder = part(config.encoder, values, config.dim)
        self.decoder = part(config.decoder, config.dim, values)

    def forward(self, x: Images, c_noise: Sigma) -> Images:
        code: Tensor = self.encoder(x, c_noise)
        return self.decoder(code, c_noise).reshape(x.shape)
