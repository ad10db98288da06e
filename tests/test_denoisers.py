import numpy as np
import pytest
import torch
from torch import nn

from creativity.denoisers import build, parameters, receptive_field
from creativity.denoisers.precondition import Preconditioned, loss_weight, scalings, sigma_data
from creativity.families.bayes import Bayes
from creativity.families.cnn import Cnn
from creativity.families.linear import Linear
from creativity.families.linear_net import LinearNet
from creativity.families.mlp import Mlp
from creativity.families.polynomial_net import PolynomialNet
from creativity.families.unet import Unet

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


def noisy(images, sigma, count=6):
    random = torch.Generator().manual_seed(0)
    eps = torch.randn(count, *images.shape[1:], generator=random, dtype=images.dtype)
    return images[:count] + sigma * eps, torch.full((count,), sigma, dtype=images.dtype)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_bayes_is_the_posterior_mean(images, sigma):
    x, s = noisy(images, sigma)
    y, flat = images.flatten(1).numpy(), x.flatten(1).numpy()
    expected = []
    for row in flat:  # brute force: one softmax at a time, from exact differences
        exponent = -np.square(row - y).sum(axis=1) / (2 * sigma**2)
        weight = np.exp(exponent - exponent.max())
        expected.append(weight @ y / weight.sum())
    found = build(Bayes(family="bayes"), images)(x, s).flatten(1).numpy()
    assert np.abs(found - expected).max() < 1e-9


@pytest.mark.parametrize("sigma", SIGMAS)
def test_linear_is_the_wiener_filter(images, sigma):
    x, s = noisy(images, sigma)
    y = images.flatten(1).numpy()
    mean, covariance = y.mean(axis=0), np.cov(y.T, bias=True)
    gain = np.linalg.solve(covariance + sigma**2 * np.eye(y.shape[1]), covariance).T
    expected = mean + (x.flatten(1).numpy() - mean) @ gain.T
    found = build(Linear(family="linear"), images)(x, s).flatten(1).numpy()
    assert np.abs(found - expected).max() < 1e-8


def test_linear_minimises_the_denoising_loss_over_affine_maps(images):
    sigma, random = 0.7, torch.Generator().manual_seed(1)
    y = images.repeat(2000, 1, 1, 1)
    x = y + sigma * torch.randn(y.shape, generator=random, dtype=y.dtype)
    denoiser = build(Linear(family="linear"), images)
    ones = torch.cat([x.flatten(1), torch.ones(len(x), 1, dtype=x.dtype)], dim=1)
    fitted = ones @ torch.linalg.lstsq(ones, y.flatten(1)).solution
    best = (fitted - y.flatten(1)).square().mean()
    found = (denoiser(x, torch.full((len(x),), sigma, dtype=x.dtype)) - y).square().mean()
    assert found == pytest.approx(best.item(), rel=5e-3)


def test_bayes_and_linear_agree_with_a_single_image(images):
    one = images[:1].repeat(2, 1, 1, 1)
    x, s = noisy(images, 1.0)
    for family in (Bayes(family="bayes"), Linear(family="linear")):
        assert torch.allclose(build(family, one)(x, s), one[0].expand_as(x), atol=1e-12)


def test_scalings_give_unit_variance():
    sigma = torch.tensor(SIGMAS, dtype=torch.float64)
    c_skip, c_out, c_in, c_noise = scalings(sigma, 0.4)
    assert torch.allclose(c_in**2 * (0.4**2 + sigma**2), torch.ones(5, dtype=torch.float64))
    target = (1 - c_skip) ** 2 * 0.4**2 + c_skip**2 * sigma**2  # variance of y - c_skip x
    assert torch.allclose(target, c_out**2)
    assert torch.allclose(loss_weight(sigma, 0.4) * c_out**2, torch.ones(5, dtype=torch.float64))
    assert torch.allclose(c_noise, sigma.log() / 4)


def test_sigma_data_is_the_pixels_standard_deviation(images):
    assert sigma_data(images) == pytest.approx(np.std(images.numpy()))


def test_sigma_is_never_broadcast_along_the_width():
    net = Preconditioned(nn.Identity(), 0.5)
    net.net.forward = lambda x, c: torch.zeros_like(x)  # D = c_skip x
    sigma = torch.tensor([0.1, 1.0, 10.0])
    out = net(torch.ones(3, 1, 3, 3), sigma)
    assert torch.allclose(out[:, 0, 0, 0], 0.25 / (sigma**2 + 0.25))
    assert torch.allclose(out, out[:, :1, :1, :1].expand_as(out))


FAMILIES = [
    Mlp(family="mlp", width=16, depth=2),
    Cnn(family="cnn", width=4, depth=2, kernel=3),
    Cnn(family="cnn", width=4, depth=1, kernel=5, padding="circular"),
    Unet(family="unet", pooling=0, width=4),
    Unet(family="unet", pooling=2, width=4, blocks=2),
    Unet(family="unet", pooling=1, width=4, skips=False),
    Unet(family="unet", pooling=1, width=4, attention=(1,)),
    Unet(family="unet", pooling=2, width=4, multipliers=(1, 3, 2), padding="circular"),
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
    ],
    ids=str,
)
def test_the_stated_receptive_field_is_what_gradients_reach(family):
    denoiser = build(family, torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0)))
    assert influence(exposed(denoiser.net), side=128) == receptive_field(denoiser)


def test_a_circular_cnn_is_shift_equivariant(images):
    x = images.float()[:4]
    net = exposed(build(Cnn(family="cnn", width=4, depth=2, padding="circular"), x).net)
    rolled = net(x.roll((3, 2), dims=(2, 3)), torch.zeros(4))
    assert torch.allclose(rolled, net(x, torch.zeros(4)).roll((3, 2), dims=(2, 3)), atol=1e-5)


def test_pooling_adds_levels_and_skips_add_weights():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    sizes = [parameters(build(Unet(family="unet", pooling=p, width=4), x)) for p in range(5)]
    assert sizes == sorted(set(sizes))
    assert parameters(build(Unet(family="unet", pooling=2, width=4, skips=False), x)) < sizes[2]


def test_the_matched_pair_of_the_default_campaign_is_matched():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    flat, deep = (parameters(build(Unet(family="unet", pooling=p, width=w), x)) for p, w in ((0, 27), (3, 5)))
    assert abs(flat / deep - 1) < 0.01


def test_closed_forms_state_what_they_store(images):
    assert parameters(build(Bayes(family="bayes"), images)) == 30 * 64 + 64
    assert parameters(build(Linear(family="linear"), images)) == 64 + 29 * 64 + 29
    assert receptive_field(build(Bayes(family="bayes"), images)) is None
