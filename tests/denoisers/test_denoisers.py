"""What is asked of all denoisers alike."""

import pytest
import torch
from torch import nn

from creativity.denoisers import build, parameters, receptive_field
from creativity.denoisers.precondition import scalings
from creativity.families.bayes import Bayes
from creativity.families.cnn import Cnn
from creativity.families.dit import Dit
from creativity.families.linear import Linear
from creativity.families.linear_net import LinearNet
from creativity.families.mlp import Mlp
from creativity.families.polynomial_net import PolynomialNet
from creativity.families.unet import Unet


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


FAMILIES = [
    Mlp(family="mlp", width=16, depth=2),
    Cnn(family="cnn", width=4, depth=2, kernel=3),
    Cnn(family="cnn", width=4, depth=1, kernel=5, padding="circular"),
    Unet(family="unet", pooling=0, width=4),
    Unet(family="unet", pooling=2, width=4, blocks=2),
    Unet(family="unet", pooling=1, width=4, skips=False),
    Unet(family="unet", pooling=1, width=4, attention=(1,)),
    Unet(family="unet", pooling=2, width=4, multipliers=(1, 3, 2), padding="circular"),
    Unet(family="unet", pooling=1, width=4, kernel=5, norm="layer", dropout=0.5, attention=(1,)),
    Unet(family="unet", pooling=1, width=4, norm="none"),
    Dit(family="dit", patch=2, depth=2, width=8, heads=2),
    Dit(family="dit", patch=4, depth=1, width=8, heads=1, positions="sinusoidal", window=3),
    LinearNet(family="linear-net", width=16),
    PolynomialNet(family="polynomial-net", degree=3, width=16),
]


@pytest.mark.parametrize("family", FAMILIES, ids=str)
@pytest.mark.parametrize("channels", [1, 3])
def test_trained_families_keep_the_shape_and_begin_as_the_skip(family, channels):
    x = torch.randn(5, channels, 8, 8, generator=torch.Generator().manual_seed(0))
    denoiser = build(family, x)
    sigma = torch.linspace(0.1, 10, 5)
    c_skip = scalings(sigma, denoiser.sigma_data).c_skip
    out = denoiser(x, sigma)
    assert out.shape == x.shape
    bias = denoiser.net.last.bias.detach().abs().max() * scalings(sigma, denoiser.sigma_data).c_out.max()
    assert (out - c_skip[:, None, None, None] * x).abs().max() <= bias + 1e-6


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_the_seed_decides_the_first_weights_and_leaves_the_global_generator_alone(family, images):
    images = images.float()
    state = torch.random.get_rng_state()
    one, same, other = (build(family, images, seed).state_dict() for seed in (0, 0, 1))
    assert torch.equal(state, torch.random.get_rng_state())
    assert all(torch.equal(one[key], same[key]) for key in one)
    assert any(not torch.equal(one[key], other[key]) for key in one)


def influence(net, side, channels=1):
    """Which input pixels the middle output pixels depend on: the largest side of the box over all alignments."""
    widest = 0
    for shift in range(16):
        pixel = side // 2 + shift
        x = torch.zeros(1, channels, side, side, requires_grad=True)
        net(x, torch.zeros(1))[0, 0, pixel, pixel].backward()
        rows = x.grad[0].abs().sum(dim=(0, 2)).nonzero().flatten()
        widest = max(widest, int(rows.max() - rows.min() + 1))
    return widest


def exposed(net):
    """The net with nothing that mixes all places, and no weight that is zero."""
    random = torch.Generator().manual_seed(0)
    for module in net.modules():
        for name, child in module.named_children():
            if isinstance(child, nn.GroupNorm):
                setattr(module, name, nn.Identity())
    for parameter in net.parameters():
        parameter.data = torch.rand(parameter.shape, generator=random) * 0.1 + 0.01
    return net


@pytest.mark.parametrize(
    "family",
    [
        Cnn(family="cnn", width=2, depth=3, kernel=3),
        Cnn(family="cnn", width=2, depth=2, kernel=5),
        Unet(family="unet", pooling=0, width=2),
        Unet(family="unet", pooling=1, width=2),
        Unet(family="unet", pooling=2, width=2),
        Unet(family="unet", pooling=1, width=2, blocks=2),
        Unet(family="unet", pooling=1, width=2, kernel=5),
        Unet(family="unet", pooling=0, width=2, kernel=1, norm="none"),
        Unet(family="unet", pooling=1, width=4, norm="layer"),
    ],
    ids=str,
)
def test_the_stated_receptive_field_is_what_gradients_reach(family):
    denoiser = build(family, torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0)))
    assert influence(exposed(denoiser.net), side=128) == receptive_field(denoiser)


def test_closed_forms_state_what_they_store(images):
    assert parameters(build(Bayes(family="bayes"), images)) == 30 * 64 + 64
    assert parameters(build(Linear(family="linear"), images)) == 64 + 29 * 64 + 29
    assert receptive_field(build(Bayes(family="bayes"), images)) is None
