"""The local score machine against brute force: one pixel, one training patch at a time, in float64."""

import numpy as np
import pytest
import torch
from by_hand import broken, brute_force, circular
from torch.utils._python_dispatch import TorchDispatchMode

from creativity.denoisers import build, equivariant_local
from creativity.denoisers.equivariant_local import EquivariantLocalScore
from creativity.denoisers.local import LocalScore
from creativity.families.bayes import Bayes
from creativity.families.local import Local

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:9]).double()


@pytest.fixture
def coloured(rng):
    return torch.from_numpy(rng.uniform(-1, 1, (5, 3, 6, 6)))


def noisy(images, sigma, count=3):
    random = torch.Generator().manual_seed(0)
    x = images[:count] + sigma * torch.randn(count, *images.shape[1:], generator=random, dtype=images.dtype)
    return x, torch.full((count,), sigma, dtype=images.dtype)


def same_place(here, there, *_):
    return here == there


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("patch", [1, 3, 5])
def test_local_is_the_posterior_mean_of_each_pixel_given_its_patch(images, coloured, sigma, patch):
    for y in (images, coloured):
        x, s = noisy(y, sigma)
        found = build(Local(family="local", patch=patch), y)(x, s).numpy()
        assert np.abs(found - brute_force(x, y, sigma, patch, same_place)).max() < 1e-8


@pytest.mark.parametrize("sigma", SIGMAS)
def test_a_patch_that_holds_the_image_from_every_pixel_is_bayes(images, sigma):
    x, s = noisy(images, sigma)
    expected = build(Bayes(family="bayes"), images)(x, s)
    for patch in (15, 17):
        for family in (Local(family="local", patch=patch), broken(patch)):
            assert torch.allclose(build(family, images)(x, s), expected, atol=1e-9, rtol=0)
    if 0.1 < sigma < 10:  # below, the nearest image is the same for all; above, all weigh alike
        smaller = build(Local(family="local", patch=13), images)(x, s)
        assert not torch.allclose(smaller, expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_results_do_not_depend_on_how_much_is_held_at_once(faces, dtype, monkeypatch):
    y = torch.from_numpy(faces[:15]).to(dtype)
    for sigma in SIGMAS:
        x, s = noisy(y, sigma, 4)
        for make in (lambda held: LocalScore(y, 5, held), lambda held: EquivariantLocalScore(y, broken(5), held)):
            monkeypatch.setattr(equivariant_local, "QUERIES", 10**6)
            whole = make(10**9)(x, s)
            monkeypatch.setattr(equivariant_local, "QUERIES", 7)
            for held in (1, 3000):
                assert (make(held)(x, s) - whole).abs().max() < 1e-6


def test_float32_loses_nothing_that_is_seen(faces):
    y = torch.from_numpy(faces[:40])
    for sigma in SIGMAS:
        x, s = noisy(y, sigma, 8)
        for family in (Local(family="local", patch=5), broken(5), circular(5)):
            exact = build(family, y)(x.double(), s.double())
            assert (build(family, y)(x, s) - exact).abs().max() < 2e-6


def test_a_sample_that_is_not_finite_stays_so_alone(images):
    x, s = noisy(images, 0.4)
    x[1, 0, 3, 3] = torch.nan
    for family in (Local(family="local", patch=3), broken(3), circular(3)):
        found = build(family, images)(x, s)
        assert found[1, 0, 3, 3].isnan()
        assert found[[0, 2]].isfinite().all()


def test_each_image_has_its_own_noise_level(images):
    x, _ = noisy(images, 0.4)
    levels = torch.tensor([0.1, 1.0, 10.0], dtype=torch.float64)
    for family in (Local(family="local", patch=3), broken(3), circular(3)):
        denoiser = build(family, images)
        alone = torch.cat([denoiser(x[i : i + 1], levels[i : i + 1]) for i in range(3)])
        assert torch.allclose(denoiser(x, levels), alone, atol=1e-10, rtol=0)


class Largest(TorchDispatchMode):
    """Notes the size of the largest tensor that any operation makes."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        made = func(*args, **(kwargs or {}))
        if isinstance(made, torch.Tensor) and made.is_contiguous() and made._base is None:
            self.numbers = max(self.numbers, made.numel())
        return made


def test_memory_does_not_grow_with_the_training_set(faces):
    x, s = noisy(torch.from_numpy(faces), 0.4, 32)
    for family in (Local(family="local", patch=3), broken(3), circular(3)):
        largest = []
        for n in (40, 400):
            denoiser = build(family, torch.from_numpy(faces[:n]))
            with Largest() as seen:
                denoiser(x, s)
            largest.append(seen.numbers)
        assert largest[1] <= 1.1 * max(largest[0], 2**19)
