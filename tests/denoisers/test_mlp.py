"""A fully connected network: every pixel sees every pixel."""

import pytest
import torch

from creativity.denoisers import build, parameters, receptive_field
from creativity.denoisers.mlp import MlpNet
from creativity.families.mlp import Mlp


def test_every_pixel_sees_every_pixel(images):
    denoiser = build(Mlp(family="mlp", width=32, depth=2), images).double()
    denoiser.net.last.weight.data.normal_(generator=torch.Generator().manual_seed(0))
    x, sigma = images[:1].double(), torch.tensor([0.5], dtype=torch.float64)
    jacobian = torch.autograd.functional.jacobian(lambda y: denoiser(y, sigma), x).reshape(64, 64)
    assert jacobian.abs().min() > 1e-8
    assert receptive_field(denoiser) is None


@pytest.mark.parametrize(("width", "depth"), [(8, 1), (16, 3)])
def test_its_size_is_that_of_its_layers(images, width, depth):
    embedding, features = 64, 16
    modulated = width * width + width + embedding * 2 * width + 2 * width
    own = 64 * width + width + depth * modulated + width * 64 + 64
    told = parameters(build(Mlp(family="mlp", width=width, depth=depth), images))
    assert told == own + features * embedding + embedding


def test_it_may_go_from_any_shape_to_any_other():
    assert MlpNet(8, 1, 12, (5,))(torch.zeros(2, 3, 2, 2), torch.zeros(2)).shape == (2, 5)
    assert MlpNet(8, 1, 12, (1, 2, 2))(torch.zeros(2, 12), torch.zeros(2)).shape == (2, 1, 2, 2)
