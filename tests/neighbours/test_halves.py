"""The space `halves` against brute force."""

import numpy as np
import pytest

from creativity.neighbours import spaces
from creativity.neighbours.search import search
from creativity.neighbours.spaces import halves


def away(query, image):
    """The least of the distances of four halves, to the image and to its mirror image, times sqrt(2)."""
    differences = [(query - side).astype(float) for side in (image, image[..., ::-1])]
    parts = [part for d in differences for part in (d[:, :4], d[:, 4:], d[..., :4], d[..., 4:])]
    return np.sqrt(2) * min(np.linalg.norm(part) for part in parts)


@pytest.mark.parametrize("itself", [False, True])
def test_distances_are_those_of_brute_force(faces, itself):
    train = faces[:30]
    queries = train if itself else faces[200:220]
    near = halves.search(queries, train, 4, itself)
    expected = np.array([[away(query, image) for image in train] for query in queries])
    if itself:
        np.fill_diagonal(expected, np.inf)
    assert np.allclose(near.distances, np.sort(expected, axis=1)[:, :4], rtol=1e-6)
    assert np.allclose(np.take_along_axis(expected, near.indices, axis=1), near.distances, rtol=1e-6)


@pytest.mark.parametrize("part", [np.s_[:, :, :4], np.s_[:, :, 4:], np.s_[..., :4], np.s_[..., 4:]])
def test_half_of_a_training_image_over_another_image_is_at_no_distance(faces, part):
    copies = faces[200:210].copy()
    copies[part] = faces[:10, ..., ::-1][part]
    near = search(copies, faces[:40], {}, "halves", 2, mirrored=True)
    assert near.indices[:, 0].tolist() == list(range(10))
    assert near.mirrored[:, 0].all()
    assert near.distances[:, 0].max() == 0


def test_a_copy_there_is_a_copy_of_a_part_and_nowhere_else():
    assert [space for space in ("pixel", "pca", "aligned", "halves", "dinov2-vits14") if spaces.of_parts(space)] == ["halves"]
