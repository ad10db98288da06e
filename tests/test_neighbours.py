from importlib import import_module

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

from creativity import store
from creativity.errors import UserError
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import nearest, product_on, search
from creativity.neighbours.search import search as neighbours
from creativity.neighbours.spaces.pca import fit_pca
from creativity.neighbours.tables import NEIGHBOURS, PROVENANCE, neighbour_rows, provenance_rows, read_neighbours, read_provenance
from creativity.neighbours.tiles import tiles, trace
from creativity.neighbours.vectors import flatten

STAMP = store.Stamp("test", "content", "code", "commit")


@pytest.mark.parametrize("chunk", [1, 50, 10**6])
def test_nearest_agrees_with_scikit_learn(rng, monkeypatch, chunk):
    monkeypatch.setattr(neighbours, "ROWS", chunk)
    queries, points = rng.normal(size=(90, 12)) + 5, rng.normal(size=(70, 12)) + 5
    found = nearest(queries, points, 6)
    distances, indices = NearestNeighbors(n_neighbors=6, algorithm="brute").fit(points).kneighbors(queries)
    assert np.allclose(found.distances, distances, atol=1e-12)
    assert np.array_equal(found.indices, indices)


def test_a_device_gives_the_same_bytes(rng):
    queries, points = (rng.normal(size=(n, 50)).astype(np.float32) for n in (60, 90))
    device = import_module("creativity.running.device").product_on("cpu")  # torch's own product
    for itself, asked in ((False, queries), (True, points)):
        found, same = nearest(asked, points, 6, itself), nearest(asked, points, 6, itself, device)
        assert all(np.array_equal(a, b) for a, b in zip(found, same, strict=True))


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
    found = search(faces[:0], faces[100:130], faces[200:], space, 3, mirrored)
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
    found = search(queries, train, faces[200:], "pixel", 5, mirrored=True)
    plain = np.linalg.norm(flatten(queries)[:, None] - flatten(train), axis=2)
    mirror = np.linalg.norm(flatten(queries)[:, None] - flatten(train[..., ::-1]), axis=2)
    expected = np.sort(np.minimum(plain, mirror), axis=1)[:, :5]
    assert np.allclose(found.distances, expected, atol=1e-12)
    rows = np.arange(50)[:, None]
    assert np.array_equal(found.mirrored, mirror[rows, found.indices] < plain[rows, found.indices])
    assert all(len(set(row)) == 5 for row in found.indices)
    assert 0.1 < found.mirrored.mean() < 0.9


def test_a_mirrored_training_image_is_found(faces):
    found = search(faces[100:110, ..., ::-1], faces[100:160], faces[200:], "pixel", 2, mirrored=True)
    assert np.array_equal(found.indices[:, 0], np.arange(10))
    assert (found.distances[:, 0] == 0).all()
    assert found.mirrored[:, 0].all()


def test_near_duplicates_are_counted_on_every_side_mirrored_ones_too(faces, rng):
    train, heldout = (rng.normal(size=(n, 1, 8, 8)).astype(np.float32) for n in (60, 40))
    train[5] = train[4] + np.float32(0.01)
    heldout[:3] = train[10:13, ..., ::-1] + np.float32(0.01)
    sides = {"train": (train, True), "heldout": (heldout, False)}
    counts = {}
    for mirrored in (True, False):
        first = {
            name: search(pictures, train, faces[200:], "pixel", 1, mirrored, itself).distances[:, 0]
            for name, (pictures, itself) in sides.items()
        }
        counts[mirrored] = near_duplicates(first)
    assert counts == {True: {"train": 2, "heldout": 3}, False: {"train": 2, "heldout": 0}}


def test_the_projection_is_scikit_learns(faces):
    rows = flatten(faces[:120])
    mine, theirs = fit_pca(faces[:120], 20)(faces[120:150]), PCA(20, svd_solver="full").fit(rows).transform(flatten(faces[120:150]))
    assert np.allclose(np.abs(mine), np.abs(theirs), atol=1e-8)
    assert fit_pca(faces[:10]).directions.shape == (9, 64)


def test_the_closest_tile_is_found_at_the_same_place(faces):
    queries, train = faces[:20], faces[100:130]
    found = trace(queries, train, 2)
    assert found.sources.shape == (20, 4, 4)
    for i, row, col in [(0, 0, 0), (3, 2, 1), (19, 3, 3)]:
        part = np.s_[:, row * 2 : row * 2 + 2, col * 2 : col * 2 + 2]
        distances = [np.linalg.norm(queries[i][part].astype(float) - image[part].astype(float)) for image in train]
        assert found.distances[i, row, col] == pytest.approx(min(distances))
        assert found.sources[i, row, col] == int(np.argmin(distances))


def test_tiles_cut_an_image_without_loss(rng):
    pictures = rng.normal(size=(3, 2, 6, 6)).astype(np.float32)
    cut = tiles(pictures, 3)
    assert cut.shape == (3, 2, 2, 18)
    assert np.array_equal(cut[1, 0, 1], pictures[1, :, 0:3, 3:6].ravel())


def test_tables_survive_the_disk(faces, tmp_path):
    ids = [f"t{i}" for i in range(30)]
    found = search(faces[:6], faces[100:130], faces[200:], "pixel", 4, mirrored=True)
    store.write(tmp_path / "n.parquet", NEIGHBOURS, neighbour_rows([(i,) for i in range(6)], "pixel", found, ids), STAMP)
    again = read_neighbours(store.read(tmp_path / "n.parquet"), ids)["pixel"]
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))
    traced = trace(faces[:6], faces[100:130], 4)
    store.write(tmp_path / "p.parquet", PROVENANCE, provenance_rows(np.arange(6), traced, ids), STAMP)
    back = read_provenance(store.read(tmp_path / "p.parquet"), ids)
    assert all(np.array_equal(a, b) for a, b in zip(traced, back, strict=True))
