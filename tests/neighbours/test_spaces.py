from pathlib import Path

import numpy as np
import pytest
from sklearn.decomposition import PCA

from creativity.fields import modules_in
from creativity.neighbours import spaces
from creativity.neighbours.spaces import pca
from creativity.neighbours.vectors import flatten


def test_the_projection_is_scikit_learns(faces):
    rows = flatten(faces[:120])
    mine = pca.rows(faces[120:150], **pca.fit(faces[:120], 20))
    theirs = PCA(20, svd_solver="full").fit(rows).transform(flatten(faces[120:150]))
    assert np.allclose(np.abs(mine), np.abs(theirs), atol=1e-8)
    assert pca.fit(faces[:10])["directions"].shape == (9, 64)


def test_components_of_rounding_noise_are_left_out(rng):
    """Four templates at other brightness span four dimensions about their mean; the fifth singular value is rounding."""
    templates, gains = rng.normal(size=(4, 1, 6, 6)), rng.uniform(0.5, 1, size=(40, 1, 1, 1))
    reference = (gains * templates[rng.integers(4, size=40)]).astype(np.float64)
    rows = flatten(reference)
    assert pca.fit(reference)["directions"].shape == (np.linalg.matrix_rank(rows - rows.mean(axis=0)), 36) == (4, 36)
    assert pca.fit(np.ones((9, 1, 3, 3)) / 3)["directions"].shape == (1, 9)


EVERY = modules_in(Path(spaces.__file__).parent)


def test_spaces_are_found_by_their_names():
    assert set(EVERY) == {"pixel", "pca", "aligned", "halves"}


@pytest.mark.parametrize("space", [space for space in EVERY if spaces.has_features(space)])
def test_a_space_takes_images_to_rows_one_by_one(faces, space):
    features = spaces.features(space, spaces.fit([space], faces[:100]))
    rows = features(faces[100:130])
    assert rows.ndim == 2
    assert len(rows) == 30
    assert np.allclose(np.concatenate([features(faces[i : i + 1]) for i in range(100, 130)]), rows, atol=1e-6)
    assert features(faces[:0]).shape == (0, rows.shape[1])


def test_distances_in_pixels_are_those_of_the_images(faces):
    rows = spaces.features("pixel", {})(faces[:40])
    assert np.array_equal(rows, faces[:40].reshape(40, -1))


def test_the_projection_is_fitted_on_the_reference_and_shortens_distances(faces):
    fitted = [spaces.fit(EVERY, reference) for reference in (faces[100:150], faces[200:250])]
    one, other = (spaces.features("pca", one)(faces[:20]) for one in fitted)
    assert not np.allclose(one[:, :5], other[:, :5], atol=1e-3)
    away = np.linalg.norm(faces[:19].reshape(19, -1) - faces[1:20].reshape(19, -1), axis=1)
    assert (np.linalg.norm(one[:-1] - one[1:], axis=1) <= away + 1e-6).all()
