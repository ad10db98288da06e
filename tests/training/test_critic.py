import numpy as np
import pytest
import torch

from creativity.campaign.sections import Critic
from creativity.training import critic as training
from creativity.training.critic import FOLDS, KINDS, Unreal, augmented, fit

FEW = Critic(steps=4, width=4)


@pytest.fixture
def images(faces):
    return torch.from_numpy(faces[200:300])


@pytest.fixture
def quick(monkeypatch):
    """Fewer mosaics."""
    monkeypatch.setattr(training, "MOSAICS", 8)
    monkeypatch.setattr(training, "PATCHES", (3,))


@pytest.fixture
def unreal(images, monkeypatch):
    monkeypatch.setattr(training, "MOSAICS", 8)
    return Unreal(images, torch.Generator().manual_seed(0))


def test_gaussian_draws_have_the_mean_and_the_covariance_of_the_images(unreal, images):
    drawn, known = unreal.gaussian(8000).flatten(1).numpy(), images.flatten(1).numpy()
    spread = known.std(axis=0).max()
    assert np.abs(drawn.mean(axis=0) - known.mean(axis=0)).max() < 5 * spread / np.sqrt(8000)
    assert np.abs(np.cov(drawn.T) - np.cov(known.T, bias=True)).max() < 6 * spread**2 / np.sqrt(8000)


def test_blur_leaves_a_grey_image_and_takes_detail_from_others(unreal, images):
    blurred = unreal.blurred(400)
    assert blurred.diff(dim=3).std() < 0.9 * images.diff(dim=3).std()
    assert blurred.mean() == pytest.approx(float(images.mean()), abs=0.05)
    unreal.images = torch.full_like(images, 0.3)
    assert torch.allclose(unreal.blurred(4), torch.full((4, 1, 8, 8), 0.3))


def test_noisy_images_are_images_and_noise_of_many_levels(unreal, images):
    noisy = unreal.noise(200).flatten(1)
    away = torch.cdist(noisy, images.flatten(1)).amin(dim=1) / 8 / images.std()
    assert away.min() < 0.08
    assert 0.7 < away.max() < 1.2


def test_mosaics_are_made_of_the_images_and_are_none_of_them(unreal, images):
    assert unreal.mosaics.shape == (8 * len(training.PATCHES), 1, 8, 8)
    away = torch.cdist(unreal.mosaics.flatten(1), images.flatten(1)).amin(dim=1)
    assert away[:8].min() > 1  # of patches of 3
    assert unreal.mosaics.min() >= images.min() - 0.01
    assert unreal.mosaics.max() <= images.max() + 0.01


def test_a_batch_has_a_quarter_of_each_kind(unreal):
    batch = unreal.batch(32)
    assert batch.shape == (32, 1, 8, 8)
    assert all(any(torch.equal(x, m) for m in unreal.mosaics) for x in batch[24:])


def test_augmentation_flips_and_shifts_and_keeps_the_shape(images):
    moved = augmented(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    again = augmented(images, torch.Generator().manual_seed(0))
    assert torch.equal(moved, again)
    picture = torch.zeros(400, 1, 8, 8)
    picture[:, :, 4, 2] = 1
    places = augmented(picture, torch.Generator().manual_seed(0)).flatten(1).argmax(dim=1)
    assert set(places.tolist()) == {8 * row + col for row in (3, 4, 5) for col in (1, 2, 3, 4, 5, 6)}


def test_a_critic_never_sees_the_images_it_is_held_against(images, monkeypatch, quick):
    seen = []
    one = training.fit_one
    monkeypatch.setattr(training, "fit_one", lambda *given: seen.append(given) or one(*given))
    weights = fit(images[:22], FEW)
    assert [len(weights[f"{name}/reference"]) for name in ("0", "1", *(f"without-{kind}" for kind in KINDS))] == [
        11,
        11,
        6,
        6,
        5,
        5,
    ]
    folds = [(k, FOLDS, set()) for k in range(FOLDS)] + [(k, len(KINDS), {kind}) for k, kind in enumerate(KINDS)]
    for (given, _, _, kinds), (k, number, unseen) in zip(seen, folds, strict=True):
        left_out = images[:22][k::number]
        assert len(given) + len(left_out) == 22
        assert set(KINDS) - set(kinds) == unseen
        assert torch.cdist(given.flatten(1), left_out.flatten(1)).min() > 0


def test_the_same_reference_gives_the_same_critics(images, quick):
    first, second = (fit(images[:20], FEW) for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)
