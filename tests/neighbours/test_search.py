import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from creativity.errors import UserError
from creativity.neighbours import search as searching
from creativity.neighbours.search import nearest, product_on, search
from creativity.neighbours.spaces import fit
from creativity.neighbours.vectors import flatten


@pytest.mark.parametrize("chunk", [1, 50, 10**6])
def test_nearest_agrees_with_scikit_learn(rng, monkeypatch, chunk):
    monkeypatch.setattr(searching, "ROWS", chunk)
    queries, points = rng.normal(size=(90, 12)) + 5, rng.normal(size=(70, 12)) + 5
    found = nearest(queries, points, 6)
    distances, indices = NearestNeighbors(n_neighbors=6, algorithm="brute").fit(points).kneighbors(queries)
    assert np.allclose(found.distances, distances, atol=1e-12)
    assert np.array_equal(found.indices, indices)


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(UserError, match=r"^neighbours.device: found 'cuda:7'"):
        product_on("cuda:7")


def test_nearest_agrees_with_faiss(faces):
    faiss = pytest.importorskip("faiss")
    queries, points = flatten(faces[:100]), flatten(faces[100:])
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points.astype(np.float32))
    squares, _ = index.search(queries.astype(np.float32), 5)
    assert np.allclose(nearest(queries, points, 5).distances, np.sqrt(squares), atol=1e-4)


def test_a_point_is_not_its_own_neighbour_but_its_duplicate_is(rng):
    points = rng.normal(size=(40, 5))
    points[7] = points[3]
    found = nearest(points, points, 3, itself=True)
    assert not (found.indices == np.arange(40)[:, None]).any()
    assert found.indices[7, 0] == 3
    assert found.distances[7, 0] == 0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("itself", [False, True])
def test_points_that_float32_cannot_tell_apart_are_still_ranked_exactly(rng, dtype, itself):
    """Around each of 8 centres 50 points, whose squared distances from a query differ by less than float32's rounding of them."""
    centres = rng.normal(size=(8, 400))
    points = (np.repeat(centres, 50, axis=0) + 1e-5 * rng.normal(size=(400, 400))).astype(dtype)
    queries = points if itself else (centres[:4].repeat(5, axis=0) + 0.1 * rng.normal(size=(20, 400))).astype(dtype)
    exact = np.array([np.linalg.norm(points.astype(float) - q, axis=1) for q in queries])
    rounded = np.array([np.square(points.astype(np.float32) - q.astype(np.float32)).sum(axis=1) for q in queries])
    if itself:
        np.fill_diagonal(exact, np.inf)
    else:
        assert (rounded.argsort(axis=1)[:, :7] != exact.argsort(axis=1)[:, :7]).any()
    found = nearest(queries, points, 7, itself)
    order = np.argsort(exact, axis=1, kind="stable")[:, :7]
    assert np.array_equal(found.indices, order)
    assert np.array_equal(found.distances, np.take_along_axis(exact, order, axis=1))


@pytest.mark.parametrize("size", [1e18, 1e30, 1e60])
def test_values_beyond_what_float32_holds_are_ranked_too(rng, size):
    queries, points = size * rng.normal(size=(6, 20)), rng.normal(size=(30, 20))
    points[::3] *= size
    for itself, asked in ((False, queries), (True, points)):
        exact = np.array([np.linalg.norm(points - q, axis=1) for q in asked])
        if itself:
            np.fill_diagonal(exact, np.inf)
        assert np.array_equal(nearest(asked, points, 4, itself).distances, np.sort(exact, axis=1)[:, :4])


@pytest.mark.parametrize("space", ["pixel", "pca"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_no_images_have_no_neighbours(faces, space, mirrored):
    found = search(faces[:0], faces[100:130], fit(["pca"], faces[200:]), space, 3, mirrored)
    assert found.distances.shape == found.indices.shape == found.mirrored.shape == (0, 3)


def test_equals_stand_in_the_order_of_the_points(rng):
    points = rng.normal(size=(5, 30)).astype(np.float32)[np.arange(60) % 5]
    found = nearest(points[:5], points, 12)
    assert np.array_equal(found.indices, np.arange(5)[:, None] + 5 * np.arange(12))
    assert (found.distances == 0).all()


@pytest.mark.parametrize("offset", [0, 1e3])
def test_duplicates_are_at_distance_exactly_zero(rng, offset):
    points = rng.normal(size=(60, 300)) + offset
    assert (nearest(points, points, 1).distances == 0).all()


def test_mirror_images_are_searched_by_the_lesser_distance(faces):
    queries, train = faces[:50], faces[100:160]
    found = search(queries, train, {}, "pixel", 5, mirrored=True)
    plain = np.linalg.norm(flatten(queries)[:, None] - flatten(train), axis=2)
    mirror = np.linalg.norm(flatten(queries)[:, None] - flatten(train[..., ::-1]), axis=2)
    expected = np.sort(np.minimum(plain, mirror), axis=1)[:, :5]
    assert np.allclose(found.distances, expected, atol=1e-12)
    rows = np.arange(50)[:, None]
    assert np.array_equal(found.mirrored, mirror[rows, found.indices] < plain[rows, found.indices])
    assert all(len(set(row)) == 5 for row in found.indices)
    assert 0.1 < found.mirrored.mean() < 0.9


def test_a_mirrored_training_image_is_found(faces):
    found = search(faces[100:110, ..., ::-1], faces[100:160], {}, "pixel", 2, mirrored=True)
    assert np.array_equal(found.indices[:, 0], np.arange(10))
    assert (found.distances[:, 0] == 0).all()
    assert found.mirrored[:, 0].all()
