"""What the judge says, from the denoising errors of its networks."""

import numpy as np
import pytest

from creativity.measures import judges
from creativity.measures.judges import accepted, denoising_error, percentile, score
from creativity.store.weights import in_one, write_weights


def test_the_percentile_by_counting(rng):
    unseen = [rng.normal(size=(2, count)) for count in (7, 9, 8)]
    errors = [rng.normal(size=(2, 30)) for _ in unseen]
    for i, value in enumerate(percentile(errors, unseen)):
        as_hard = 1
        for own, known in zip(errors, unseen, strict=True):
            standard = (known - known.mean(axis=1, keepdims=True)) / known.std(axis=1, keepdims=True)
            mine = max((own[level, i] - known[level].mean()) / known[level].std() for level in (0, 1))
            as_hard += sum(max(standard[:, j]) >= mine for j in range(known.shape[1]))
        assert value == pytest.approx(as_hard / 25)


def test_a_new_real_image_is_refused_one_time_in_13(rng):
    """2,000 new images judged by 4 networks with 50 images each: cross-conformal, so that it may be a little less."""
    centres = rng.normal(size=(4, 2, 1))  # networks differ in how well they denoise
    own = rng.normal(size=(2, 2000))  # an image is hard for all of them
    errors = [centre + own + 0.3 * rng.normal(size=own.shape) for centre in centres]
    unseen = [centre + rng.normal(size=(2, 50)) + 0.3 * rng.normal(size=(2, 50)) for centre in centres]
    assert 0.9 <= accepted(percentile(errors, unseen), 200).mean() <= 0.97


def test_what_is_not_a_number_or_hard_at_one_level_alone_is_refused(rng):
    unseen = [rng.normal(size=(2, 50))]
    assert accepted(percentile([np.array([[0.0, np.nan, 0.0], [0.0, 0.0, 9.0]])], unseen), 50).tolist() == [True, False, False]
    assert score(np.zeros((2, 1)), np.zeros((2, 5))).tolist() == [0]  # all alike


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
