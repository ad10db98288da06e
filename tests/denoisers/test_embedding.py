"""How a network is told the noise level."""

import torch

from creativity.denoisers.embedding import ModulatedLinear, Modulation, NoiseEmbedding


def test_levels_near_and_far_are_told_apart():
    torch.manual_seed(0)
    levels = torch.tensor([0.002, 0.0021, 0.5, 80.0]).log() / 4
    found = NoiseEmbedding(64)(levels)
    apart = torch.cdist(found, found) + torch.eye(4)
    assert found.shape == (4, 64)
    assert apart.min() > 1e-3
    assert apart[0, 1] < apart[0, 2]


def test_modulation_scales_and_shifts_each_channel_alike_at_all_places():
    torch.manual_seed(0)
    modulate, embedding = Modulation(8, 3), torch.randn(2, 8)
    for shape in ((2, 3), (2, 3, 4, 5)):
        zero, one, two = (modulate(torch.full(shape, value), embedding) for value in (0.0, 1.0, 2.0))
        assert torch.allclose(two - one, one - zero, atol=1e-6)
        assert torch.allclose(zero.reshape(2, 3, -1), zero.reshape(2, 3, -1)[:, :, :1].expand(2, 3, zero[0, 0].numel()))
        scale, shift = modulate.affine(embedding).chunk(2, dim=1)
        assert torch.allclose(zero.reshape(2, 3, -1)[:, :, 0], shift)
        assert torch.allclose((one - zero).reshape(2, 3, -1)[:, :, 0], 1 + scale, atol=1e-6)


def test_a_modulated_map_is_affine_in_x_and_depends_on_the_level():
    torch.manual_seed(0)
    net, x = ModulatedLinear(6, 4).double(), torch.randn(3, 1, 2, 3, dtype=torch.float64)
    level = torch.full((3,), 0.3, dtype=torch.float64)
    zero = net(torch.zeros_like(x), level)
    assert torch.allclose(net(2 * x, level) - zero, 2 * (net(x, level) - zero), atol=1e-12)
    assert not torch.allclose(net(x, level), net(x, 2 * level), atol=1e-3)
