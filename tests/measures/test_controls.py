import numpy as np
import pytest
from scipy.linalg import sqrtm

from creativity.families.control import CONTROLS as NAMES
from creativity.measures import controls
from creativity.measures.controls import CONTROLS, TINY, few, many


@pytest.fixture
def world(faces):
    return faces[:100], faces[100:200]


def make(name, world, count=100, seed=0):
    return CONTROLS[name](*world, seed, count)


@pytest.mark.parametrize("name", list(NAMES))
def test_every_control_makes_images_of_the_right_shape_and_the_same_ones_again(name, world):
    images = make(name, world)
    assert images.shape == (100, 1, 8, 8)
    assert images.dtype == np.float32
    assert np.array_equal(images, make(name, world))
    assert np.array_equal(images[:30], make(name, world, count=30))


def test_the_copier_draws_training_images_with_tiny_noise(world):
    images, train = make("copier", world, count=400), world[0]
    distances = np.abs(images[:, None] - train[None]).mean(axis=(2, 3, 4))
    assert (distances.min(axis=1) < 2 * TINY).all()
    assert 80 < len(set(distances.argmin(axis=1))) <= 100  # with replacement: 98 of 100 are expected


def test_held_out_images_are_left_as_they_are(world):
    assert np.array_equal(make("held-out", world), world[1])


def test_halves_are_of_two_training_images(world):
    images, train = make("halves", world), world[0]
    for image in images[:20]:
        left, top = ([np.array_equal(image[part], known[part]) for known in train] for part in (np.s_[..., :4], np.s_[:, :4]))
        right, bottom = ([np.array_equal(image[part], known[part]) for known in train] for part in (np.s_[..., 4:], np.s_[:, 4:]))
        assert (any(left) and any(right)) or (any(top) and any(bottom))
        assert not any(np.array_equal(image, known) for known in train)


def test_a_torn_image_has_the_patches_of_a_held_out_one_elsewhere(world):
    images = make("torn", world)
    for image, whole in zip(images[:10], world[1], strict=False):
        patches, originals = (
            sorted(picture[0, r : r + 2, c : c + 2].tobytes() for r in range(0, 8, 2) for c in range(0, 8, 2))
            for picture in (image, whole)
        )
        assert patches == originals
        assert not np.array_equal(image, whole)


@pytest.mark.parametrize("side", [8, 7])
def test_a_mosaic_has_each_patch_from_the_same_place(world, side):
    world = [images[..., :side, :side] for images in world]
    images = make("mosaic", world)
    edges = {8: (0, 2, 4, 6, 8), 7: (0, 2, 4, 5, 7)}[side]
    for image in images[:10]:
        for row in range(4):
            for column in range(4):
                part = np.s_[:, edges[row] : edges[row + 1], edges[column] : edges[column + 1]]
                assert any(np.array_equal(image[part], known[part]) for known in world[0])
    assert make("torn", world).shape[-1] == side


def test_blurring_keeps_the_mean_and_takes_away_detail(world):
    images = make("blurred", world)
    assert images.mean() == pytest.approx(world[1].mean(), abs=0.02)
    assert np.diff(images).std() < 0.8 * np.diff(world[1]).std()


def test_the_gaussian_has_the_mean_and_the_covariance_of_the_training_set(world):
    images = make("gaussian", world, count=4000).reshape(4000, -1)
    train = world[0].reshape(100, -1)
    spread = train.std(axis=0).max()
    assert np.abs(images.mean(axis=0) - train.mean(axis=0)).max() < 4 * spread / np.sqrt(4000)
    assert np.abs(np.cov(images.T) - np.cov(train.T, bias=True)).max() < 6 * spread**2 / np.sqrt(4000)


def test_the_gaussian_of_many_images_is_summed_over_some_at_a_time(world, monkeypatch):
    monkeypatch.setattr(controls, "ROWS", 7)
    train = world[0].reshape(len(world[0]), -1)[:, :20]
    roots = [(directions.T * spread) @ directions for spread, directions in (of(train, train.mean(0)) for of in (few, many))]
    expected = sqrtm(np.cov(train.T.astype(np.float64), bias=True))
    for root in roots:
        np.testing.assert_allclose(root, expected, atol=1e-6)


def test_noise_has_the_spread_of_the_training_set_and_no_structure(world):
    images = make("noise", world, count=1000)
    assert images.mean() == pytest.approx(world[0].mean(), abs=0.01)
    assert images.std() == pytest.approx(world[0].std(), rel=0.01)
    assert abs(np.corrcoef(images[:, 0, 3, 3], images[:, 0, 3, 4])[0, 1]) < 0.1


def test_every_control_that_a_campaign_has_is_made_here():
    assert set(NAMES) == set(CONTROLS)
