"""The denoiser whose locality is the data's: against values by hand, the other closed forms, and brute force in float64."""

import numpy as np
import pytest
import torch

from creativity.denoisers import build
from creativity.denoisers.local import LocalScore
from creativity.denoisers.pca_locality import MaskedScore, masked_mean
from creativity.families.bayes import Bayes
from creativity.families.cnn import Cnn
from creativity.families.local import Local
from creativity.families.pca_locality import PcaLocality

SIGMAS = [0.05, 0.4, 3.0, 80.0]


def family(**options):
    return PcaLocality(family="pca-locality", **options)


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[:12]).double()


@pytest.fixture
def coloured(rng):
    return torch.from_numpy(rng.uniform(-1, 1, (7, 3, 6, 6)))


def noisy(images, sigma, count=3):
    random = torch.Generator().manual_seed(0)
    x = images[:count] + sigma * torch.randn(count, *images.shape[1:], generator=random, dtype=images.dtype)
    return x, torch.full((count,), sigma, dtype=images.dtype)


def weights_of(images, sigma):
    """|W_qp / W_qq| from the covariance matrix itself, with numpy's eigenvectors."""
    flat = images.flatten(1).numpy()
    variances, vectors = np.linalg.eigh(np.cov(flat.T, ddof=0))
    gain = np.maximum(variances, 0) / (np.maximum(variances, 0) + sigma**2)
    gain[variances < 1e-12 * variances.max()] = 0
    linear = vectors @ np.diag(gain) @ vectors.T
    return np.abs(linear / np.diag(linear)[:, None])


def brute_force(x, y, masks, sigma):
    """One value, one training image at a time, from exact differences."""
    flat, known, denoised = x.flatten(1).numpy(), y.flatten(1).numpy(), np.empty(x[0].numel() * len(x)).reshape(len(x), -1)
    for b, image in enumerate(flat):
        for q, mask in enumerate(masks):
            distances = np.array([(mask * (image - other) ** 2).sum() for other in known])
            weights = np.exp(-(distances - distances.min()) / (2 * sigma**2))
            denoised[b, q] = (weights * known[:, q]).sum() / weights.sum()
    return denoised.reshape(x.shape)


def test_pixels_that_vary_alone_see_themselves_and_those_that_vary_together_see_each_other():
    x, sigma = torch.tensor([[[[0.3, -0.2]]]], dtype=torch.float64), torch.tensor([0.7], dtype=torch.float64)
    alone = torch.tensor([[1, 1], [1, -1], [-1, 1], [-1, -1]], dtype=torch.float64).reshape(4, 1, 1, 2)
    as_one = torch.tensor([[1, 1], [-1, -1]], dtype=torch.float64).reshape(2, 1, 1, 2)
    assert build(family(), alone)(x, sigma).flatten().tolist() == pytest.approx(np.tanh([0.3 / 0.49, -0.2 / 0.49]), abs=1e-12)
    assert build(family(), as_one)(x, sigma).flatten().tolist() == pytest.approx([np.tanh(0.1 / 0.49)] * 2, abs=1e-12)


def test_the_cut_is_a_share_of_the_largest_weight_of_the_matrix_or_of_the_row():
    """Deviations 1 and 3, correlated by 1/2: for a noise far above both, each looks at the other by 3/2 and by 1/6."""
    own, other = [2, -2, 0, 0], [1, -1, 3**0.5, -(3**0.5)]
    images = torch.tensor([own, [3 * value for value in other]], dtype=torch.float64).T.reshape(4, 1, 1, 2)
    whole = torch.cat(list(build(family(), images).weights(1e6)))
    assert whole.flatten().tolist() == pytest.approx([1, 3 / 2, 1 / 6, 1], rel=1e-9)
    seen = {
        (largest, cut): torch.cat(list(build(family(cut=cut, largest=largest), images).masks(1e6))).tolist()
        for largest in ("matrix", "row")
        for cut in (0.15, 0.8)
    }
    assert seen["matrix", 0.15] == [[1, 1], [0, 1]]
    assert seen["row", 0.15] == [[1, 1], [1, 1]]
    assert seen["matrix", 0.8] == [[0, 1], [0, 0]]
    assert seen["row", 0.8] == [[0, 1], [0, 1]]


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("cut", [0.02, 0.3])
@pytest.mark.parametrize("largest", ["matrix", "row"])
def test_it_is_the_posterior_mean_given_the_pixels_of_the_mask(images, coloured, sigma, cut, largest):
    for y in (images, coloured):
        weights = weights_of(y, sigma)
        masks = weights >= cut * (weights.max(axis=1, keepdims=True) if largest == "row" else weights.max())
        x, s = noisy(y, sigma)
        denoised = build(family(cut=cut, largest=largest), y)(x, s).numpy()
        assert 0.02 < masks.mean() < 0.98
        assert np.abs(denoised - brute_force(x, y, masks, sigma)).max() < 1e-9


@pytest.mark.parametrize("sigma", SIGMAS)
def test_a_mask_of_ones_is_bayes(images, coloured, sigma):
    for y in (images, coloured):
        x, s = noisy(y, sigma)
        expected = build(Bayes(family="bayes"), y)(x, s)
        flat, known, d = x.flatten(1), y.flatten(1), y[0].numel()
        denoised = masked_mean(flat, known, torch.ones(d, d, dtype=torch.float64), known, sigma)
        assert torch.allclose(denoised.reshape(x.shape), expected, atol=1e-10, rtol=0)
        assert torch.allclose(build(family(cut=0.0), y)(x, s), expected, atol=1e-10, rtol=0)


@pytest.mark.parametrize("sigma", SIGMAS)
@pytest.mark.parametrize("patch", [1, 3, 5])
def test_a_mask_of_a_patch_is_the_local_score(images, coloured, sigma, patch):
    for y in (images, coloured):
        x, s = noisy(y, sigma)
        side, channels = y.shape[2], y.shape[1]
        row, column = torch.arange(side**2) // side, torch.arange(side**2) % side
        near = torch.maximum((row[:, None] - row).abs(), (column[:, None] - column).abs()) <= patch // 2
        masks = near.double().repeat(channels, channels)
        denoised = masked_mean(x.flatten(1), y.flatten(1), masks, y.flatten(1), sigma).reshape(x.shape)
        assert torch.allclose(denoised, LocalScore(y, patch)(x, s), atol=1e-10, rtol=0)


def test_results_do_not_depend_on_how_much_is_held_at_once(images):
    for sigma in SIGMAS:
        x, s = noisy(images, sigma, 4)
        whole = MaskedScore(images, family(), 10**9)(x, s)
        for held in (1, 700, 5000):
            assert (MaskedScore(images, family(), held)(x, s) - whole).abs().max() < 1e-10


@pytest.mark.parametrize("sigma", SIGMAS)
def test_it_commutes_with_a_shuffle_of_the_pixels_and_what_knows_neighbours_does_not(images, sigma):
    places = torch.randperm(64, generator=torch.Generator().manual_seed(1))
    x, s = noisy(images, sigma)

    def shuffled(pictures):
        return pictures.flatten(2)[:, :, places].reshape(pictures.shape)

    def differs(config):
        one, other = (build(config, y).double().requires_grad_(False) for y in (images, shuffled(images)))
        for net in (one, other):
            if hasattr(net, "net"):
                torch.nn.init.normal_(net.net.last.weight, generator=torch.Generator().manual_seed(0))
        return float((other(shuffled(x), s) - shuffled(one(x, s))).abs().max())

    assert differs(family()) < 1e-10
    assert differs(Cnn(family="cnn", width=4, depth=2)) > 1e-3
    if 0.1 < sigma < 10:  # below, the nearest image is the same for all; above, all weigh alike
        assert differs(Local(family="local", patch=3)) > 1e-3


def test_pixels_that_do_not_vary_are_given_as_they_are_and_change_no_other(images):
    with_border = torch.nn.functional.pad(images, (1, 1, 1, 1), value=-0.3)
    x, s = noisy(with_border, 0.4)
    denoised = build(family(), with_border)(x, s)
    assert torch.allclose(denoised[:, :, 0], torch.tensor(-0.3, dtype=torch.float64), atol=1e-12)
    assert torch.allclose(denoised[:, :, 1:-1, 1:-1], build(family(), images)(x[:, :, 1:-1, 1:-1], s), atol=1e-9)


def test_each_image_has_its_own_noise_level_and_float32_loses_nothing_that_is_seen(faces):
    y = torch.from_numpy(faces[:40])
    denoiser, x = build(family(), y), noisy(y, 0.4)[0]
    levels = torch.tensor([0.1, 1.0, 0.1])
    alone = torch.cat([denoiser(x[i : i + 1], levels[i : i + 1]) for i in range(3)])
    assert torch.allclose(denoiser(x, levels), alone, atol=1e-6, rtol=0)
    exact = denoiser(x.double(), levels.double())
    assert (denoiser(x, levels) - exact).abs().max() < 2e-6


def test_a_gradient_flows_as_finite_differences_say(images):
    denoiser = build(family(), images)
    x, s = noisy(images, 0.4, 1)
    x.requires_grad_()
    (gradient,) = torch.autograd.grad(denoiser(x, s)[0, 0, 4, 4], x)
    for place in ((4, 4), (3, 5), (0, 0)):
        step = torch.zeros_like(x)
        step[0, 0, *place] = 1e-6
        with torch.no_grad():
            slope = (denoiser(x + step, s) - denoiser(x - step, s))[0, 0, 4, 4] / 2e-6
        assert float(gradient[0, 0, *place]) == pytest.approx(float(slope), abs=1e-6)
