"""A local denoiser whose patch depends on the noise level."""

import pyarrow as pa
import pytest
import torch
from torch import nn

from creativity.campaign.sections import Sampling
from creativity.denoisers.calibrated import PATCHES, Calibrated, build_side, build_with, schedule
from creativity.families.bayes import Bayes
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.sampling.draw import draw

SAMPLING = Sampling(count=8, steps=6, sigma_max=20.0)
LS = Local(family="local", patch="net")
ELS = EquivariantLocal(family="equivariant-local", patch="net")


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:20])


def test_each_noise_level_has_the_patch_of_the_nearest_one(images):
    patches = {10.0: 5, 1.0: 3, 0.1: 7}
    denoiser = build_with(LS, images, patches)
    assert isinstance(denoiser, Calibrated)
    assert denoiser.receptive_field == 7
    levels = torch.tensor([200.0, 3.3, 3.0, 0.4, 0.3, 0.001])
    expected = [5, 5, 3, 3, 7, 7]
    x = images[:6] + levels[:, None, None, None] * 0.1
    alone = torch.cat([build_side(LS, images, side)(x[i : i + 1], levels[i : i + 1]) for i, side in enumerate(expected)])
    assert torch.allclose(denoiser(x, levels), alone, atol=1e-6)
    assert isinstance(build_with(Bayes(family="bayes"), images, None), nn.Module)


def test_a_network_that_diverged_leaves_no_patches(images):
    assert schedule(pa.table({name: [] for name in PATCHES})) == {}
    assert build_with(LS, images, {}).receptive_field == 0


def test_it_can_be_sampled(images):
    found = draw(build_with(ELS, images, {20.0: 7, 0.5: 3}), (1, 8, 8), SAMPLING)
    assert found.isfinite().all()
