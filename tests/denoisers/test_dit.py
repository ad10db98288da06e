"""The diffusion transformer: its attention against torch's own, its windows, its positions, and its first steps."""

import math

import pytest
import torch
from torch import nn

from creativity.denoisers import build, parameters, receptive_field
from creativity.denoisers.dit import Block, sinusoids, within
from creativity.families.dit import Dit


def family(**options):
    return Dit(**{"family": "dit", "width": 8, "heads": 2, "depth": 2} | options)


def shaken(net):
    """The network with no weight that is zero."""
    random = torch.Generator().manual_seed(0)
    for parameter in net.parameters():
        parameter.data += 0.3 * torch.randn(parameter.shape, generator=random, dtype=parameter.dtype)
    return net


@pytest.fixture
def images(faces16):
    return torch.from_numpy(faces16[:4])


def test_attention_is_that_of_torch_with_the_same_weights():
    near, h = within(4, 3), torch.randn(2, 16, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    block, other = shaken(Block(8, 2).double()), nn.MultiheadAttention(8, 2, batch_first=True).double()
    other.in_proj_weight.data, other.in_proj_bias.data = block.qkv.weight.data, block.qkv.bias.data
    other.out_proj.load_state_dict(block.out.state_dict())
    for seen in (None, near):
        expected, _ = other(h, h, h, attn_mask=None if seen is None else ~seen)
        assert torch.allclose(block.attend(h, seen), expected, atol=1e-12, rtol=0)


def test_a_block_gates_attention_and_then_the_mlp_by_the_noise_level():
    """As in Peebles & Xie 2023, figure 3: six vectors, in the order shift, scale, gate, of attention and then of the MLP."""
    block = shaken(Block(8, 2).double())
    random = torch.Generator().manual_seed(1)
    h, embedding = (torch.randn(*shape, generator=random, dtype=torch.float64) for shape in ((2, 4, 8), (2, 8)))
    six = block.modulate(embedding).reshape(2, 6, 1, 8).unbind(1)
    norm = nn.LayerNorm(8, elementwise_affine=False).double()
    middle = h + six[2] * block.attend(norm(h) * (1 + six[1]) + six[0], None)
    assert torch.allclose(block(h, embedding, None), middle + six[5] * block.mlp(norm(middle) * (1 + six[4]) + six[3]), atol=1e-12)


def test_blocks_begin_as_the_identity(images):
    net = build(family(), images).net
    h = torch.randn(2, 64, 8, generator=torch.Generator().manual_seed(0))
    assert all(torch.equal(block(h, torch.ones(2, 8), None), h) for block in net.blocks)
    assert not net(images, torch.ones(4)).any()


def test_windows_and_positions_are_those_worked_out_by_hand():
    assert within(3, 3).sum(dim=1).tolist() == [4, 6, 4, 6, 9, 6, 4, 6, 4]
    assert within(3, 3)[0].nonzero().flatten().tolist() == [0, 1, 3, 4]
    assert within(4, 1).equal(torch.eye(4**2, dtype=torch.bool))
    second = sinusoids(2, 8)[1].tolist()  # row 0, column 1; frequencies 1 and 1 / 100
    assert second == pytest.approx([0, 0, 1, 1, math.sin(1), math.sin(0.01), math.cos(1), math.cos(0.01)], abs=1e-6)


@pytest.mark.parametrize(("patch", "depth", "window"), [(1, 1, 3), (2, 2, 3), (2, 1, 5), (4, 2, 1)])
def test_in_windows_a_pixel_sees_exactly_the_field_that_is_told(patch, depth, window):
    x = torch.randn(1, 1, 32, 32, generator=torch.Generator().manual_seed(0), requires_grad=True)
    denoiser = build(family(patch=patch, depth=depth, window=window), x.detach())
    shaken(denoiser.net)(x, torch.zeros(1))[0, 0, 16, 16].backward()
    side = receptive_field(denoiser)
    assert side == patch * (1 + depth * (window - 1))
    for axis in (0, 1):
        seen = x.grad[0, 0].abs().sum(dim=axis).nonzero().flatten()
        assert (int(seen.min()), int(seen.max())) == (16 - (side - patch) // 2, 16 + patch - 1 + (side - patch) // 2)


def test_without_window_and_positions_patches_are_a_set_without_order(images):
    order = torch.randperm(16, generator=torch.Generator().manual_seed(0))

    def moved(x):
        values = nn.functional.unfold(x, 4, stride=4)[:, :, order]
        return nn.functional.fold(values, (16, 16), 4, stride=4)

    for positions, commutes in (("none", True), ("learned", False), ("sinusoidal", False)):
        net = shaken(build(family(patch=4, positions=positions), images).net)
        assert receptive_field(net) is None
        assert torch.allclose(net(moved(images), torch.zeros(4)), moved(net(images, torch.zeros(4))), atol=1e-4) == commutes


def test_the_noise_level_is_heard(images):
    net = shaken(build(family(), images).net)
    assert (net(images, torch.zeros(4)) - net(images, torch.ones(4))).abs().max() > 1e-2


def test_it_has_the_parameters_of_its_parts(images):
    """Embedding, patches in and out, per block 6 modulations, attention and the MLP, the last modulation, and the positions."""
    block = 6 * (8 * 8 + 8) + 3 * (8 * 8 + 8) + (8 * 8 + 8) + (8 * 32 + 32) + (32 * 8 + 8)
    whole = (16 * 8 + 8) + (4 * 8 + 8) + 2 * block + 2 * (8 * 8 + 8) + (8 * 4 + 4)
    assert parameters(build(family(positions="none"), images)) == whole
    assert parameters(build(family(), images)) == whole + 64 * 8
