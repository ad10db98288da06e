"""The patch of each noise level, found again where it is known."""

import pyarrow as pa
import pytest
import torch
from torch import nn

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.denoisers.calibrated import PATCHES, Calibrated, build_side, build_with, schedule
from creativity.families.bayes import Bayes
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.sampling.calibration import OTHER_NOISES, calibrate, sides
from creativity.sampling.draw import draw
from creativity.sampling.noise import starting_noise
from creativity.sampling.trajectory import trajectory

SAMPLING = Sampling(count=8, steps=6, sigma_max=20.0)
LS = Local(family="local", patch="net")
ELS = EquivariantLocal(family="equivariant-local", patch="net")


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:20])


def chosen(rows):
    return schedule(pa.table(list(zip(*rows, strict=True)), names=list(PATCHES)))


def test_the_sides_are_odd_and_end_where_nothing_more_is_seen():
    assert list(sides(LS, 4)) == list(sides(ELS, 4)) == [1, 3, 5, 7]
    circular = EquivariantLocal(family="equivariant-local", patch="net", border="circular")
    assert list(sides(circular, 4)) == [1, 3]
    assert list(sides(circular, 5)) == [1, 3, 5]


@pytest.mark.parametrize("config", [LS, ELS])
def test_the_patches_of_a_local_denoiser_are_found_again(images, config):
    levels = [sigma for sigma, _ in trajectory(build(Bayes(family="bayes"), images), (1, 8, 8), SAMPLING)]
    known = dict(zip(levels, [9, 7, 7, 5, 3, 3], strict=True))
    rows = calibrate(build_with(config, images, known), config, images, SAMPLING)
    assert len(rows) == 6 * 8
    distances = {(sigma, patch): distance for sigma, patch, distance, _ in rows}
    for sigma, patch in chosen(rows).items():
        assert distances[sigma, patch] < 1e-6
        assert patch == known[sigma] or distances[sigma, known[sigma]] < 2e-6  # equally good: the smallest
    assert sum(chosen(rows)[sigma] == known[sigma] for sigma in known) >= 4


def test_bayes_sees_the_whole_image_and_a_pixelwise_map_only_a_pixel(images):
    assert max(chosen(calibrate(build(Bayes(family="bayes"), images), LS, images, SAMPLING)).values()) > 8
    mean = images.mean(dim=0)

    def pixelwise(x, sigma):
        gain = 0.2 / (0.2 + sigma**2)[:, None, None, None]
        return mean + gain * (x - mean)

    assert set(chosen(calibrate(pixelwise, LS, images, SAMPLING)).values()) <= {1, 3}


def test_no_sample_starts_from_the_noises_of_the_calibration():
    other = starting_noise(SAMPLING.seed + OTHER_NOISES, range(8), (1, 8, 8))
    assert abs(other - starting_noise(SAMPLING.seed, range(8), (1, 8, 8))).min() > 0


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
