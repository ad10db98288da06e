"""The space `aligned` against brute force, and copies with one known change."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.optimize import lsq_linear

from creativity.neighbours.search import search
from creativity.neighbours.spaces import aligned


def brute_force(query, image):
    """The least distance over all views by a bounded least-squares fit of gain and offset to each, in float64."""
    best = np.inf
    blur = (0, 0, aligned.SMOOTH, aligned.SMOOTH)
    query, image = (gaussian_filter(one[None].astype(np.float64), blur, mode="nearest") for one in (query, image))
    for side in (query, query[..., ::-1]):
        for view in aligned.views(*query.shape[2:]):
            g, t = (images.ravel().astype(float) for images in (view.show(side), view.cut(image)))
            fit = lsq_linear(np.stack([t, np.ones_like(t)], axis=1), g, bounds=([0.5, -np.inf], [2.0, np.inf]))
            best = min(best, np.sqrt(2 * fit.cost * query.size / g.size))
    return best


@pytest.mark.parametrize("values", [1, 2**22])
def test_distances_are_those_of_brute_force(faces, values, monkeypatch):
    monkeypatch.setattr(aligned, "VALUES", values)
    monkeypatch.setattr(aligned, "PAIRS", 6 * values)
    monkeypatch.setattr(aligned, "AT_ONCE", 4)
    train, queries = faces[:6], faces[200:203]
    near = aligned.search(queries, train, 6)
    for query, distances, places in zip(queries, near.distances, near.indices, strict=True):
        expected = [brute_force(query, image) for image in train]
        assert np.allclose(distances, np.sort(expected), rtol=1e-5)
        assert places.tolist() == np.argsort(expected, kind="stable").tolist()


@pytest.mark.parametrize("side", [4, 8, 16, 28, 32, 64])
def test_every_view_has_a_guide_within_a_tile_and_guides_are_few(side):
    known = aligned.views(side, side)
    assert all(1 <= len(view.guides) <= 9 for view in known)
    assert len(aligned.guides(known)) <= min(len(known), 14 if side > 16 else 38)
    assert len({guide for guide in aligned.guides(known) if guide in known[guide].guides}) == len(aligned.guides(known))
    ramp = np.mgrid[:side, :side].astype(np.float32)[:, None]  # an image of rows and one of columns
    for view in known:
        for guide in view.guides:
            apart = np.abs(known[guide].cut(ramp)[:, 0, 0, 0] - view.cut(ramp)[:, 0, 0, 0])
            assert apart.max() <= side / 16 + 1


def test_of_many_images_few_are_compared_and_hardly_any_copy_is_missed(faces16, monkeypatch):
    """Of 300 images 8 are compared in all views near three: the nearest is all but always the nearest of all 300."""
    train, fresh = faces16[:300], faces16[340:390]
    queries = np.concatenate(
        [fresh, *(np.ascontiguousarray(change(train[10 * i : 10 * i + 10])) for i, change in enumerate(CHANGES.values()))]
    )
    whole = aligned.search(queries, train, 3)
    monkeypatch.setattr(aligned, "ALL", 100)
    few = aligned.search(queries, train, 3)
    assert (few.distances >= whole.distances - 1e-6).all()
    assert np.array_equal(few.indices[50:, 0], whole.indices[50:, 0])
    assert np.abs(few.distances[50:, 0] - whole.distances[50:, 0]).max() < 1e-6
    assert np.mean(few.indices[:50, 0] == whole.indices[:50, 0]) >= 0.9
    assert np.quantile(few.distances[:50] / whole.distances[:50], 0.9) < 1.02


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
AT_THE_SAME_PLACE = ("mirrored", "brighter, with less contrast", "with more contrast")


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_with_a_known_change_is_nearer_than_any_new_image(faces16, change):
    copies = np.ascontiguousarray(CHANGES[change](faces16[:30]))
    near = aligned.search(copies, faces16[:100], 2)
    assert near.indices[:, 0].tolist() == list(range(30))
    assert near.mirrored[:, 0].mean() == ("mirrored" in change)
    fresh = aligned.search(faces16[200:230], faces16[:100], 1)
    assert near.distances[:, 0].max() < (1e-5 if change in AT_THE_SAME_PLACE else 0.75 * fresh.distances.min())


def test_a_grey_image_is_no_copy(faces16):
    grey = np.full_like(faces16[:1], 0.3)
    assert aligned.search(grey, faces16[:50], 1).distances[0, 0] > 1
    faint = 0.05 * faces16[:1]  # contrast is lost beyond what a copy may lose
    assert aligned.search(faint, faces16[:50], 1).distances[0, 0] > 0.9
    assert np.isfinite(aligned.search(grey, np.concatenate([grey, faces16[:3]]), 2).distances).all()


@pytest.mark.parametrize("most", [512, 10])
def test_no_image_is_its_own_neighbour_and_nothing_asked_is_nothing_found(faces, most, monkeypatch):
    monkeypatch.setattr(aligned, "ALL", most)
    near = aligned.search(faces[:20], faces[:20], 3, itself=True)
    assert not (near.indices == np.arange(20)[:, None]).any()
    assert aligned.search(faces[:0], faces[:20], 3).distances.shape == (0, 3)


def test_the_search_asks_the_space(faces):
    own = search(faces[40:50], faces[:40], {}, "aligned", 4, mirrored=False)
    assert np.array_equal(own.distances, aligned.search(faces[40:50], faces[:40], 4).distances)
