"""The equivariant local score machine against brute force: one pixel, one training patch at a time, in float64."""

import time
from functools import partial
from itertools import product

import numpy as np
import pytest
import torch
from by_hand import broken, brute_force, circular
from descents import end, sigmas_of

from creativity.denoisers import build
from creativity.denoisers.equivariant_local import cut
from creativity.families.local import Local
from creativity.sampling.noise import starting_noise

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


def same_cut(here, there, cut_off, cut_off_there):
    return np.array_equal(cut_off, cut_off_there)


def anywhere(*_):
    return True


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
    """20 samples of 16 x 16 on 100 faces, 20 Heun steps, patches of 7 x 7, one thread: processor time.

    Both are compared in float64. Starts in float32 are rounded, and where two patches are all but equally near the last digit
    decides, on some processors otherwise than on others: of these the pixels are counted.
    """
    y = torch.from_numpy(faces16[np.random.default_rng(0).permutation(400)[:100]])
    start = torch.from_numpy(starting_noise(0, range(20), (1, 16, 16))) * 80
    sigmas = sigmas_of(20)
    denoiser, seconds, samples = build(broken(7), y), {}, {}
    runs = {
        "ours": (denoiser, start),
        "ours in float64": (denoiser, start.double()),
        "float64": (partial(plain, y.double(), 7), start.double()),
        "float32": (partial(plain, y, 7), start),
    }
    for name, (denoise, x) in runs.items():
        before = time.process_time()
        samples[name] = end(denoise, x, sigmas)
        seconds[name] = time.process_time() - before
    off = {name: float((found - samples["float64"]).abs().max()) for name, found in samples.items()}
    print({name: f"{seconds[name]:.1f} s, off by {off[name]:.0e}" for name in seconds})
    assert off["ours in float64"] < 1e-6
    assert ((samples["ours"] - samples["float64"]).abs() < 1e-6).double().mean() > 0.99
    assert off["float32"] > 0.01  # a plain softmax must be taken in float64 too
    assert seconds["float64"] > 3 * seconds["ours"]
    assert seconds["float32"] > 2.5 * seconds["ours"]
    for sigma in SIGMAS:
        x, s = noisy(y, sigma, 2)
        assert (denoiser(x, s) - plain(y.double(), 7, x.double(), s.double())).abs().max() < 2e-6
