import numpy as np
import pytest
from scipy.spatial.distance import cdist

from creativity.measures import novelty
from creativity.measures.novelty import near_duplicates
from creativity.neighbours.search import nearest, nearest_or_mirrored, search
from creativity.neighbours.tiles import trace
from creativity.types import Neighbours


def test_the_gap_ratio_and_its_limit():
    ratio = novelty.gap_ratio(np.array([1.0, 1.0, 0.0, 0.0]), np.array([3.0, 3.1, 2.0, 0.0]))
    assert ratio.tolist() == [1 / 3, 1 / 3.1, 0, 0]
    assert novelty.memorised(ratio).tolist() == [False, True, True, True]


def test_a_copy_of_an_image_with_a_near_duplicate_is_missed_by_the_plain_ratio_and_found_by_clusters(rng):
    train = rng.normal(size=(50, 20))
    train[1] = train[0] + 0.01 * rng.normal(size=20)
    samples = train[[0, 5]] + 0.005 * rng.normal(size=(2, 20))
    own, found = nearest(train, train, 5, itself=True), nearest(samples, train, 5)
    assert novelty.memorised(novelty.gap_ratio(found.distances[:, 0], found.distances[:, 1])).tolist() == [False, True]
    labels = novelty.clusters(own, novelty.near_duplicate_limit(own.distances[:, 0]))
    assert labels[0] == labels[1]
    assert len(set(labels)) == 49
    second = novelty.second_cluster(samples, train, None, found, labels)
    assert novelty.memorised(novelty.gap_ratio(found.distances[:, 0], second)).tolist() == [True, True]


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_nearest_outside_the_cluster_is_exact_even_when_all_k_lie_inside(rng, mirrored):
    train = rng.normal(size=(40, 6))
    train[:10] = train[0] + 0.001 * rng.normal(size=(10, 6))
    labels = np.r_[np.zeros(10, int), np.arange(1, 31)]
    mirrors = train[:, ::-1] if mirrored else None
    samples = np.concatenate([train[:2], rng.normal(size=(5, 6))])
    found = nearest_or_mirrored(samples, train, mirrors, 4) if mirrored else nearest(samples, train, 4)
    second = novelty.second_cluster(samples, train, mirrors, found, labels)
    distances = np.minimum(cdist(samples, train), cdist(samples, mirrors)) if mirrored else cdist(samples, train)
    for i in range(7):
        outside = labels != labels[found.indices[i, 0]]
        assert second[i] == pytest.approx(distances[i][outside].min())


def test_a_single_cluster_leaves_nothing_outside():
    found = Neighbours(np.array([[0.1, 0.2]]), np.array([[0, 1]]), np.zeros((1, 2), dtype=bool))
    second = novelty.second_cluster(np.zeros((1, 2)), np.zeros((3, 2)), None, found, np.zeros(3, dtype=int))
    assert second.tolist() == [np.inf]
    assert novelty.gap_ratio(np.array([0.1]), second).tolist() == [0]


def test_the_held_out_percentile_counts_strictly_nearer_images():
    assert novelty.heldout_percentile(np.array([0.0, 2.0, 2.5, 9.0]), np.array([3.0, 1.0, 2.0, 2.0])).tolist() == [0, 0.25, 0.75, 1]


def test_authenticity_by_brute_force(rng):
    train, made = rng.normal(size=(30, 4)), rng.normal(size=(25, 4))
    found, own = nearest(made, train, 1), nearest(train, train, 1, itself=True)
    flags = novelty.authentic(found.distances[:, 0], found.indices[:, 0], own.distances[:, 0])
    for g, flag in zip(made, flags, strict=True):
        t = min(train, key=lambda image: np.linalg.norm(g - image))
        gap = min(np.linalg.norm(t - other) for other in train if other is not t and not np.array_equal(other, t))
        assert flag == (gap < np.linalg.norm(g - t))


def test_provenance_of_a_copy_and_of_a_collage(faces):
    train = faces[:40]
    collage = train[3].copy()
    collage[:, :4], collage[:, 4:] = train[7][:, :4], train[9][:, 4:]
    found = trace(np.stack([train[3], collage]), train, 2)
    assert novelty.largest_source_share(found.sources).tolist() == [1, 0.5]
    assert novelty.collage_residual(found.distances).tolist() == [0, 0]


def test_the_closer_half_of_a_collage():
    distances = np.array([[[3.0, 0.0], [1.0, 4.0]], [[1.0, 2.0], [2.0, 5.0]]])
    assert novelty.half_collage_residual(distances) == pytest.approx([1, 5**0.5])
    assert novelty.half_collage_residual(distances[:, :1, :1]).tolist() == [3, 1]


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
