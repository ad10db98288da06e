"""The space `aligned` against brute force, and copies with one known change."""

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from creativity.neighbours.search import search
from creativity.neighbours.spaces import aligned


def brute_force(query, image):
    """The least distance over all views by a bounded least-squares fit of gain and offset to each, in float64."""
    best = np.inf
    for side in (image, image[..., ::-1]):
        for window, view in aligned.views(side[None]):
            g, t = query[(..., *window)].ravel().astype(float), view[0].ravel().astype(float)
            fit = lsq_linear(np.stack([t, np.ones_like(t)], axis=1), g, bounds=([0.5, -np.inf], [2.0, np.inf]))
            best = min(best, np.sqrt(2 * fit.cost * query.size / g.size))
    return best


def test_distances_are_those_of_brute_force(faces):
    train, queries = faces[:6], faces[200:203]
    near = aligned.search(queries, train, 6)
    for query, distances, places in zip(queries, near.distances, near.indices, strict=True):
        expected = [brute_force(query, image) for image in train]
        assert np.allclose(distances, np.sort(expected), rtol=1e-5)
        assert places.tolist() == np.argsort(expected, kind="stable").tolist()


def moved(images, down, right):
    wide = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)), mode="edge")
    return wide[..., 2 - down : 2 - down + images.shape[2], 2 - right : 2 - right + images.shape[3]]


CHANGES = {
    "mirrored": lambda x: x[..., ::-1],
    "moved down": lambda x: moved(x, 1, 0),
    "moved by two": lambda x: moved(x, -2, 1),
    "brighter, with less contrast": lambda x: 0.7 * x + 0.2,
    "with more contrast": lambda x: 1.3 * x - 0.1,
    "mirrored, moved and darker": lambda x: 0.8 * moved(x[..., ::-1], 1, -1) - 0.1,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_with_a_known_change_is_found_at_no_distance(faces16, change):
    copies = np.ascontiguousarray(CHANGES[change](faces16[:30]))
    near = aligned.search(copies, faces16[:100], 2)
    assert near.indices[:, 0].tolist() == list(range(30))
    assert near.distances[:, 0].max() < 1e-5
    assert near.mirrored[:, 0].mean() == ("mirrored" in change)
    fresh = aligned.search(faces16[200:230], faces16[:100], 1)
    assert fresh.distances.min() > 1


def test_a_grey_image_is_no_copy(faces16):
    grey = np.full_like(faces16[:1], 0.3)
    assert aligned.search(grey, faces16[:50], 1).distances[0, 0] > 1
    faint = 0.05 * faces16[:1]  # contrast is lost beyond what a copy may lose
    assert aligned.search(faint, faces16[:50], 1).distances[0, 0] > 1
    assert np.isfinite(aligned.search(grey, np.concatenate([grey, faces16[:3]]), 2).distances).all()


def test_no_image_is_its_own_neighbour_and_nothing_asked_is_nothing_found(faces):
    near = aligned.search(faces[:20], faces[:20], 3, itself=True)
    assert not (near.indices == np.arange(20)[:, None]).any()
    assert aligned.search(faces[:0], faces[:20], 3).distances.shape == (0, 3)


def test_the_search_asks_the_space(faces):
    own = search(faces[40:50], faces[:40], faces[100:150], "aligned", 4, mirrored=False)
    assert np.array_equal(own.distances, aligned.search(faces[40:50], faces[:40], 4).distances)
