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


STEP = 2 / 255  # one grey level


def test_a_copy_of_an_image_with_a_near_duplicate_is_missed_by_the_plain_ratio_and_not_by_that_to_a_distinct_image(rng):
    train = rng.normal(size=(50, 20))
    train[1] = train[0] + 0.01 * rng.normal(size=20)
    samples = train[[0, 5]] + 0.005 * rng.normal(size=(2, 20))
    found = nearest(samples, train, 5)
    assert novelty.memorised(novelty.gap_ratio(found.distances[:, 0], found.distances[:, 1])).tolist() == [False, True]
    second = novelty.second_distinct(samples, train, None, found)
    assert novelty.memorised(novelty.gap_ratio(found.distances[:, 0], second)).tolist() == [True, True]


def test_near_duplicates_are_nearer_than_four_grey_levels():
    train = np.zeros((4, 100))
    train[1], train[2], train[3] = 3.9 * STEP, 4.1 * STEP, 9 * STEP
    sample = np.full((1, 100), -STEP)
    second = novelty.second_distinct(sample, train, None, nearest(sample, train, 3))
    assert second == pytest.approx([5.1 * STEP * 10])  # the third: the second is a near-duplicate of the first


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("at_once", [1, 10**6])
def test_the_nearest_distinct_image_is_exact_even_when_all_k_are_near_duplicates(rng, mirrored, at_once, monkeypatch):
    monkeypatch.setattr(novelty, "AT_ONCE", at_once)
    train = rng.normal(size=(40, 6)).astype(np.float32)
    train[:10] = train[0] + 0.001 * rng.normal(size=(10, 6))
    train[10:14] = train[0, ::-1] + 0.001 * rng.normal(size=(4, 6))
    mirrors = train[:, ::-1].copy() if mirrored else None
    samples = np.concatenate([train[:2], train[11:12], rng.normal(size=(5, 6)).astype(np.float32)])
    found = nearest_or_mirrored(samples, train, mirrors, 4) if mirrored else nearest(samples, train, 4)
    second = novelty.second_distinct(samples, train, mirrors, found)

    def away(a):
        plain = cdist(a, train)
        return np.minimum(plain, cdist(a, mirrors)) if mirrored else plain

    for i in range(len(samples)):
        distinct = away(train)[found.indices[i, 0]] >= 4 * STEP * np.sqrt(6)
        assert distinct.sum() == (26 if mirrored else 30 if i < 2 else 36) or i > 2
        assert second[i] == pytest.approx(away(samples)[i][distinct].min(), rel=1e-6)


def test_where_all_are_near_duplicates_nothing_is_distinct():
    found = Neighbours(np.array([[0.1, 0.2]]), np.array([[0, 1]]), np.zeros((1, 2), dtype=bool))
    second = novelty.second_distinct(np.full((1, 2), 0.1, np.float32), np.zeros((3, 2), np.float32), None, found)
    assert second.tolist() == [np.inf]
    assert novelty.gap_ratio(np.array([0.1]), second).tolist() == [0]


def test_thousands_of_smooth_images_are_no_chain(rng):
    """5,000 images along a line, each within four grey levels of the next: linked, they would all be one."""
    train = np.linspace(-1, 1, 5000, dtype=np.float32)[rng.permutation(5000), None] * np.ones((1, 64), np.float32)
    samples = train[:50] + rng.normal(scale=0.5 * STEP, size=(50, 64)).astype(np.float32)
    second = novelty.second_distinct(samples, train, None, nearest(samples, train, 5))
    assert np.abs(second / (4 * STEP * 8) - 1).max() < 0.1
    assert not novelty.memorised(novelty.gap_ratio(np.full(50, 0.4 * 4 * STEP * 8), second)).any()


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
            name: search(pictures, train, {}, "pixel", 1, mirrored, itself).distances[:, 0]
            for name, (pictures, itself) in sides.items()
        }
        counts[mirrored] = near_duplicates(first, 64)
    assert counts == {True: {"train": 2, "heldout": 3}, False: {"train": 2, "heldout": 0}}


def test_near_duplicates_are_counted_where_more_than_half_of_the_images_repeat(rng):
    train = rng.normal(size=(4, 1, 8, 8)).astype(np.float32)[np.arange(40) % 4] + rng.normal(scale=0.005, size=(40, 1, 8, 8))
    first = search(train, train, {}, "pixel", 1, True, itself=True).distances[:, 0]
    assert near_duplicates({"train": first}, 64) == {"train": 40}


def test_samples_that_repeat_each_other_are_told(rng):
    reference, samples = rng.normal(size=(100, 20)), rng.normal(size=(100, 20))
    samples[[3, 7, 50]] = samples[3] + 0.01 * rng.normal(size=(3, 20))
    away = cdist(reference, reference)
    np.fill_diagonal(away, np.inf)
    limit = np.sort(away.min(axis=1))[1]
    among = cdist(samples, samples)
    np.fill_diagonal(among, np.inf)
    found = novelty.repeated(samples, reference)
    assert found.tolist() == (among.min(axis=1) < limit).tolist()
    assert set(np.flatnonzero(found)) >= {3, 7, 50}


def test_of_new_images_few_repeat_however_many_there_are(rng):
    """One in a hundred, of ten times as many as the reference too."""
    shares = [novelty.repeated(rng.normal(size=(1000, 4)), rng.normal(size=(100, 4))).mean() for _ in range(10)]
    assert 0.002 < np.mean(shares) < 0.03


def test_one_sample_repeats_none(rng):
    assert novelty.repeated(rng.normal(size=(1, 4)), rng.normal(size=(9, 4))).tolist() == [False]
    assert novelty.repeated(rng.normal(size=(3, 4)), np.zeros((2, 4))).tolist() == [False] * 3
