import numpy as np
import pytest

from creativity.neighbours.tiles import edges, tiles, trace


def test_the_closest_tile_is_found_at_the_same_place(faces):
    queries, train = faces[:20], faces[100:130]
    found = trace(queries, train, 2)
    assert found.sources.shape == (20, 4, 4)
    for i, row, col in [(0, 0, 0), (3, 2, 1), (19, 3, 3)]:
        part = np.s_[:, row * 2 : row * 2 + 2, col * 2 : col * 2 + 2]
        distances = [np.linalg.norm(queries[i][part].astype(float) - image[part].astype(float)) for image in train]
        assert found.distances[i, row, col] == pytest.approx(min(distances))
        assert found.sources[i, row, col] == int(np.argmin(distances))


def test_a_tile_of_a_mirror_image_counts_as_one_of_the_image(faces):
    train = faces[100:130]
    halves = np.concatenate([train[3:4, ..., ::-1][..., :4], train[7:8, ..., 4:]], axis=3)
    traced = trace(halves, train, 4, mirrored=True)
    assert traced.sources.tolist() == [[[3, 7], [3, 7]]]
    assert traced.mirrored.tolist() == [[[True, False], [True, False]]]
    assert traced.distances.max() == 0
    assert trace(halves, train, 4).distances[..., 0].min() > 0


def test_tiles_cut_an_image_without_loss(rng):
    pictures = rng.normal(size=(3, 2, 6, 6)).astype(np.float32)
    cut = tiles(pictures, 3)
    assert (len(cut), len(cut[0]), cut[0][0].shape) == (2, 2, (3, 18))
    assert np.array_equal(cut[0][1][1], pictures[1, :, 0:3, 3:6].ravel())


@pytest.mark.parametrize("size", [5, 7, 8, 11, 13, 17, 28, 31, 97, 101])
def test_tiles_of_any_side_cover_each_pixel_once_and_none_is_narrow(rng, size):
    side = max(size // 4, 2)
    widths = np.diff(edges(size, side))
    assert widths.sum() == size
    assert widths.min() >= side
    assert widths.max() <= widths.min() + 1
    assert len(widths) >= 2
    pictures = rng.permutation(size * size).reshape(1, 1, size, size).astype(np.float32)
    assert sorted(np.concatenate([tile[0] for row in tiles(pictures, side) for tile in row])) == list(range(size * size))


def test_an_image_put_together_on_the_edges_of_uneven_tiles_has_no_residual(rng):
    train = rng.normal(size=(6, 1, 13, 13)).astype(np.float32)
    assert edges(13, 3) == [0, 4, 7, 10, 13]
    collage = train[:1].copy()
    collage[..., 4:7, 10:13] = train[5, :, 4:7, 10:13]
    provenance = trace(collage, train, 3)
    assert provenance.distances.max() == 0
    assert provenance.sources[0].tolist() == [[0, 0, 0, 0], [0, 0, 0, 5], [0, 0, 0, 0], [0, 0, 0, 0]]
