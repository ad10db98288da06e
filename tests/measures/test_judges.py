"""What the judge says, from the denoising errors of its networks."""

import numpy as np
import pytest
from scipy.ndimage import laplace

from creativity.measures import judges
from creativity.measures.judges import Signs, accepted, denoising_error, percentile, scores
from creativity.store.weights import in_one, write_weights


def signs(rng, count, centre=0.0):
    """Images that differ in looks, on which their errors and distances depend; `centre` is added to these."""
    looks = np.column_stack([np.ones(count), rng.normal(size=(count, 2))])
    known = looks @ [[0.5, -1.0, 2.0], [1.0, 2.0, -0.5], [-0.5, 0.3, 0.1]] + rng.normal(size=(count, 3)) + centre
    return Signs(known[:, :2].T, known[:, 2], looks)


def expected_scores(images, unseen):
    """By a least squares fit for each known image without it, in a loop."""
    sums, known_sums = np.zeros(len(images.away)), np.zeros(len(unseen.away))
    columns = [(0, True), (1, True), (0, False), (1, False), (2, False)]
    for column, plain in columns:
        y, x = np.vstack([unseen.errors, unseen.away])[column], unseen.looks[:, :1] if plain else unseen.looks
        left_out = np.zeros(len(y))
        for i in range(len(y)):
            rest = np.arange(len(y)) != i
            left_out[i] = y[i] - x[i] @ np.linalg.lstsq(x[rest], y[rest], rcond=None)[0]
        own = images.looks[:, :1] if plain else images.looks
        found = np.vstack([images.errors, images.away])[column] - own @ np.linalg.lstsq(x, y, rcond=None)[0]
        sums += np.maximum(found / left_out.std(), 0) ** 2
        known_sums += np.maximum(left_out / left_out.std(), 0) ** 2
    return np.sqrt(sums), np.sqrt(known_sums)


def test_scores_are_those_of_fits_without_each_known_image(rng):
    images, unseen = signs(rng, 30, centre=1.0), signs(rng, 17)
    for found, expected in zip(scores(images, unseen), expected_scores(images, unseen), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_the_percentile_by_counting(rng):
    unseen = [signs(rng, count) for count in (7, 9, 8)]
    images = [signs(rng, 30) for _ in unseen]
    for i, value in enumerate(percentile(images, unseen)):
        as_unlike = 1
        for own, known in zip(images, unseen, strict=True):
            of_images, of_unseen = expected_scores(own, known)
            as_unlike += sum(of_unseen >= of_images[i] - 1e-12)
        assert value == pytest.approx(as_unlike / 25)


def test_a_new_real_image_is_refused_one_time_in_13(rng):
    """2,000 new images judged by 4 networks with 50 images each: cross-conformal, so that it may be a little less."""
    looks = np.column_stack([np.ones(2000), rng.normal(size=(2000, 2))])
    own = rng.normal(size=(3, 2000)) + looks[:, 1]  # an image is hard for all of them
    images, unseen = [], []
    for centre in rng.normal(size=4):  # networks differ in how well they denoise
        noisy = centre + own + 0.3 * rng.normal(size=own.shape)
        images.append(Signs(noisy[:2], noisy[2], looks))
        known = np.column_stack([np.ones(50), rng.normal(size=(50, 2))])
        rows = centre + rng.normal(size=(3, 50)) + known[:, 1] + 0.3 * rng.normal(size=(3, 50))
        unseen.append(Signs(rows[:2], rows[2], known))
    assert 0.9 <= accepted(percentile(images, unseen), 200).mean() <= 0.97


def test_what_is_not_a_number_hard_at_one_level_alone_or_far_away_is_refused(rng):
    unseen, looks = [signs(rng, 50)], np.tile([1.0, 0.0, 0.0], (4, 1))
    odd = Signs(np.array([[0.0, np.nan, 0.0, 0.0], [0.0, 0.0, 9.0, 0.0]]), np.array([0.0, 0.0, 0.0, 9.0]), looks)
    assert accepted(percentile([odd], unseen), 50).tolist() == [True, False, False, False]
    alike = Signs(np.zeros((2, 5)), np.zeros(5), np.ones((5, 3)))
    assert scores(alike, alike)[0].tolist() == [0] * 5


def test_looks_are_contrast_and_sharpness(rng):
    pictures = rng.normal(size=(3, 2, 6, 6)).astype(np.float32)
    energies = [np.mean([laplace(channel.astype(float), mode="reflect") ** 2 for channel in picture]) for picture in pictures]
    expected = [[1, np.log(p.astype(float).var() + 1e-6), np.log(e + 1e-6)] for p, e in zip(pictures, energies, strict=True)]
    np.testing.assert_allclose(judges.looks(pictures), expected, rtol=1e-6)
    assert judges.looks(pictures[:0]).shape == (0, 3)
    assert np.isfinite(judges.looks(np.zeros((1, 1, 4, 4), np.float32))).all()


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_distance_is_that_to_the_fifth_nearest_real_image(mirrored, rng):
    pictures, real = (rng.normal(size=(count, 1, 4, 4)).astype(np.float32) for count in (6, 20))
    for i, found in enumerate(judges.away(pictures, real, mirrored)):
        picture = pictures[i].astype(float)
        sides = [real, real[..., ::-1]] if mirrored else [real]
        distances = np.min([[np.linalg.norm(picture - other) for other in side] for side in sides], axis=0)
        assert found == pytest.approx(np.log(sorted(distances)[4] + 1e-6))


def test_with_few_reference_images_what_is_harder_than_all_of_them_is_refused():
    assert accepted(np.array([1 / 9, 2 / 9]), 8).tolist() == [False, True]
    assert accepted(np.array([0.075, 0.08]), 200).tolist() == [False, True]


def test_the_error_and_its_band_over_the_reference(tmp_path):
    assert denoising_error([np.log([[1.0, 4.0], [1.0, 4.0]]), np.log([[1.0, 16.0], [1.0, 16.0]])]) == pytest.approx([1, 8**0.5])
    unseen = np.log(np.arange(1.0, 101.0)) * np.ones((2, 1))
    parts = {"0": {"errors": unseen[:, :50], "weight": np.zeros(3)}, "1": {"errors": unseen[:, 50:]}}
    write_weights(tmp_path / "judges.safetensors", in_one(parts), {})
    low, high = judges.band(tmp_path / "judges.safetensors")
    assert (low, high) == pytest.approx(np.exp(np.quantile(unseen[0], [0.01, 0.925]) / 2))
