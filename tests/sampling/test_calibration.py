"""The patch of each noise level, found again where it is known."""

import pyarrow as pa
import pytest
import torch

from creativity.campaign.sections import Sampling
from creativity.denoisers import build
from creativity.denoisers.calibrated import PATCHES, build_with, schedule
from creativity.families.bayes import Bayes
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.sampling.calibration import OTHER_NOISES, calibrate, sides
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
