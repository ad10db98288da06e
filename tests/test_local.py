"""The local score machines against brute force: one pixel, one training patch at a time, in float64."""

import time
from functools import partial
from itertools import product

import numpy as np
import pytest
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch.utils._python_dispatch import TorchDispatchMode

from creativity.denoisers import build, equivariant_local
from creativity.denoisers.equivariant_local import EquivariantLocalScore, cut
from creativity.denoisers.local import LocalScore
from creativity.denoisers.streaming import SoftmaxMean
from creativity.families.bayes import Bayes
from creativity.families.equivariant_local import EquivariantLocal
from creativity.families.local import Local
from creativity.sampling.draw import heun, karras_sigmas
from creativity.sampling.noise import starting_noise

SIGMAS = [0.002, 0.05, 0.4, 3.0, 80.0]


def circular(patch):
    return EquivariantLocal(family="equivariant-local", patch=patch, border="circular")


def broken(patch):
    return EquivariantLocal(family="equivariant-local", patch=patch)


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


def windows(images, patch, mode):
    """The patch around each place: [n, h, w, c, patch, patch]."""
    radius = patch // 2
    padded = np.pad(images, [(0, 0), (0, 0), (radius, radius), (radius, radius)], mode)
    return sliding_window_view(padded, (patch, patch), axis=(2, 3)).transpose(0, 2, 3, 1, 4, 5)


def brute_force(x, y, sigma, patch, competes, mode="constant"):
    """The posterior mean of each pixel, over all training patches that compete with its own, from exact differences."""
    x, y, found = x.numpy(), y.numpy(), np.empty(x.shape)
    mine, theirs = windows(x, patch, mode), windows(y, patch, mode)
    cut_off = windows(np.ones((1, 1, *x.shape[2:])), patch, "constant")[0]  # 0 where a patch leaves the image
    places = list(product(range(x.shape[2]), repeat=2))
    for row, col in places:
        rivals = [p for p in places if competes((row, col), p, cut_off[row, col], cut_off[p])]
        rows, cols = np.array(rivals).T
        for image in range(len(x)):
            distances = np.square(mine[image, row, col] - theirs[:, rows, cols]).sum(axis=(2, 3, 4))  # [n, rivals]
            weights = np.exp(-(distances - distances.min()) / (2 * sigma**2))
            found[image, :, row, col] = np.einsum("nr,ncr->c", weights, y[:, :, rows, cols]) / weights.sum()
    return found


def same_place(here, there, *_):
    return here == there


def same_cut(here, there, cut_off, cut_off_there):
    return np.array_equal(cut_off, cut_off_there)


def anywhere(*_):
    return True


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("patch", [1, 3, 5])
def test_local_is_the_posterior_mean_of_each_pixel_given_its_patch(images, coloured, sigma, patch):
    for y in (images, coloured):
        x, s = noisy(y, sigma)
        found = build(Local(family="local", patch=patch), y)(x, s).numpy()
        assert np.abs(found - brute_force(x, y, sigma, patch, same_place)).max() < 1e-8


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("patch", [3, 5, 7])
def test_broken_patches_compete_with_those_that_the_border_cuts_alike(images, coloured, sigma, patch):
    for y in (images[:4], coloured):
        x, s = noisy(y, sigma, 2)
        found = build(broken(patch), y)(x, s).numpy()
        assert np.abs(found - brute_force(x, y, sigma, patch, same_cut)).max() < 1e-8


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("patch", [1, 3, 5])
def test_circular_patches_compete_with_all(images, coloured, sigma, patch):
    for y in (images[:4], coloured):
        x, s = noisy(y, sigma, 2)
        found = build(circular(patch), y)(x, s).numpy()
        assert np.abs(found - brute_force(x, y, sigma, patch, anywhere, "wrap")).max() < 1e-8


def test_spans_cover_a_line_once():
    for side, radius in product(range(1, 12), range(8)):
        spans = cut(side, radius)
        assert sorted(i for span in spans for i in range(side)[span.places]) == list(range(side))
        for span in spans:
            cuts = {(max(radius - i, 0), max(i + radius + 1 - side, 0)) for i in range(side)[span.places]}
            assert len(cuts) == 1


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


def test_broken_patches_without_an_interior_know_where_they_lie(images):
    x, s = noisy(images, 0.4)
    for patch in (9, 11):
        assert torch.equal(build(broken(patch), images)(x, s), build(Local(family="local", patch=patch), images)(x, s))
    assert not torch.allclose(build(broken(7), images)(x, s), build(Local(family="local", patch=7), images)(x, s))


@pytest.mark.parametrize("shift", [(1, 0), (0, 1), (3, 5), (-2, 7), (4, 4)])
def test_a_circular_border_makes_it_shift_equivariant(images, shift):
    for sigma in SIGMAS:
        x, s = noisy(images, sigma)
        for patch in (1, 3, 7):
            denoiser = build(circular(patch), images)
            rolled = denoiser(x.roll(shift, dims=(2, 3)), s)
            assert torch.allclose(rolled, denoiser(x, s).roll(shift, dims=(2, 3)), atol=1e-9, rtol=0)
    x, s = noisy(images, 0.4)
    cornered = build(broken(3), images)
    assert not torch.allclose(cornered(x.roll(shift, dims=(2, 3)), s), cornered(x, s).roll(shift, dims=(2, 3)), atol=1e-3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_results_do_not_depend_on_how_much_is_held_at_once(faces, dtype, monkeypatch):
    y = torch.from_numpy(faces[:15]).to(dtype)
    for sigma in SIGMAS:
        x, s = noisy(y, sigma, 4)
        for make in (lambda held: LocalScore(y, 5, held), lambda held: EquivariantLocalScore(y, broken(5), held)):
            monkeypatch.setattr(equivariant_local, "ROWS", 10**6)
            whole = make(10**9)(x, s)
            monkeypatch.setattr(equivariant_local, "ROWS", 7)
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


def test_running_means_are_those_of_one_softmax(rng):
    logits, values = torch.from_numpy(rng.normal(0, 300, (2, 5, 90))), torch.from_numpy(rng.normal(size=(2, 90, 3)))
    expected = torch.softmax(logits, dim=2) @ values
    for size in (1, 7, 90):
        mean = SoftmaxMean()
        for part, v in zip(logits.split(size, dim=2), values.split(size, dim=1), strict=True):
            mean.add(part.clone(), v)
        assert torch.allclose(mean.result(), expected, atol=1e-12, rtol=0)


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


def plain(images, patch, x, sigma):
    """Boundary-broken ELS as one writes it at first: a softmax over torch.cdist for each kind of place."""
    side, out, spans = x.shape[2], torch.empty_like(x), cut(x.shape[2], patch // 2)

    def patches(batch, rows, cols):
        padded = torch.nn.functional.unfold(batch, patch, padding=patch // 2).unflatten(2, (side, side))
        return padded[:, :, rows, cols].flatten(2).transpose(1, 2).flatten(0, 1)

    for rows, cols in product([span.places for span in spans], repeat=2):
        distances = torch.cdist(patches(x, rows, cols), patches(images, rows, cols))
        weights = torch.softmax(-(distances**2) / (2 * sigma[0] ** 2), dim=1)
        found = weights @ images[:, 0, rows, cols].flatten()
        out[:, 0, rows, cols] = found.reshape(len(x), *out[0, 0, rows, cols].shape)
    return out


@pytest.mark.long
def test_it_is_three_times_faster_than_a_softmax_over_cdist_that_gives_the_same(faces16):
    """20 samples of 16 x 16 on 100 faces, 20 Heun steps, patches of 7 x 7, one thread: processor time."""
    y = torch.from_numpy(faces16[np.random.default_rng(0).permutation(400)[:100]])
    start = torch.from_numpy(starting_noise(0, range(20), (1, 16, 16))) * 80
    sigmas = karras_sigmas(20, 0.002, 80.0, 7.0)
    denoiser, seconds, samples = build(broken(7), y), {}, {}
    runs = {
        "ours": (denoiser, start),
        "float64": (partial(plain, y.double(), 7), start.double()),
        "float32": (partial(plain, y, 7), start),
    }
    for name, (denoise, x) in runs.items():
        before = time.process_time()
        samples[name] = heun(denoise, x, sigmas)
        seconds[name] = time.process_time() - before
    off = {name: float((found - samples["float64"]).abs().max()) for name, found in samples.items()}
    print({name: f"{seconds[name]:.1f} s, off by {off[name]:.0e}" for name in seconds})
    assert off["ours"] < 1e-6
    assert off["float32"] > 0.01  # a plain softmax must be taken in float64 too
    assert seconds["float64"] > 3 * seconds["ours"]
    assert seconds["float32"] > 2.5 * seconds["ours"]
    for sigma in SIGMAS:
        x, s = noisy(y, sigma, 2)
        assert (denoiser(x, s) - plain(y.double(), 7, x.double(), s.double())).abs().max() < 2e-6
