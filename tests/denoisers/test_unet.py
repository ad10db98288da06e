import pytest
import torch

from creativity.denoisers import build, parameters
from creativity.denoisers.unet import PixelNorm
from creativity.families.unet import Unet
from creativity.fields import ImageShape


def test_pooling_adds_levels_and_skips_add_weights():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    sizes = [parameters(build(Unet(family="unet", pooling=p, width=4), x)) for p in range(5)]
    assert sizes == sorted(set(sizes))
    assert parameters(build(Unet(family="unet", pooling=2, width=4, skips=False), x)) < sizes[2]


def test_the_matched_pair_of_the_default_campaign_is_matched():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    flat, deep = (parameters(build(Unet(family="unet", pooling=p, width=w), x)) for p, w in ((0, 27), (3, 5)))
    assert abs(flat / deep - 1) < 0.01


def test_a_group_norm_sees_the_whole_image_and_a_layer_norm_its_own_pixel():
    """The spread of one pixel's output over inputs that differ only in the far corner, beyond the 11 x 11 pixels of the kernels."""
    x = torch.randn(2, 1, 32, 32, generator=torch.Generator().manual_seed(0))
    x[1] = x[0]
    x[1, 0, 31, 31] += 3
    for norm, far in (("group", True), ("layer", False), ("none", False)):
        net = build(Unet(family="unet", pooling=0, width=4, norm=norm), x).net
        for parameter in net.parameters():
            parameter.data = torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)) * 0.3
        one, other = net(x, torch.zeros(2))[:, 0, 4, 4]
        assert (one != other) == far


def test_a_layer_norm_is_that_of_the_channels_of_each_pixel():
    """Of the values 1 and 3 the mean is 2 and the deviation 1."""
    h = torch.tensor([[1.0, 4.0], [3.0, 4.0]]).reshape(1, 2, 1, 2)
    assert torch.allclose(PixelNorm(2)(h), torch.tensor([[-1.0, 0.0], [1.0, 0.0]]).reshape(1, 2, 1, 2), atol=1e-4)


def test_kernels_set_the_number_of_weights_and_the_cost():
    x = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    sizes = {k: build(Unet(family="unet", pooling=0, width=4, kernel=k), x).net.first.weight.numel() for k in (1, 3, 5)}
    assert sizes == {1: 4, 3: 36, 5: 100}
    costs = [Unet(family="unet", pooling=0, kernel=k).multiplications(1, ImageShape(16, 1)) for k in (3, 5)]
    assert costs[0] == 50 * 256 * 16**2
    assert costs[1] / costs[0] == pytest.approx(25 / 9)
