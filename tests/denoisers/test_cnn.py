import pytest
import torch
from torch import nn

from creativity.denoisers import build
from creativity.families.cnn import Cnn


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:30]).double()


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


def test_a_circular_cnn_is_shift_equivariant(images):
    x = images.float()[:4]
    net = exposed(build(Cnn(family="cnn", width=4, depth=2, padding="circular"), x).net)
    rolled = net(x.roll((3, 2), dims=(2, 3)), torch.zeros(4))
    assert torch.allclose(rolled, net(x, torch.zeros(4)).roll((3, 2), dims=(2, 3)), atol=1e-5)
