import numpy as np
import pytest
from prdc import compute_prdc
from scipy import linalg, stats
from scipy.spatial.distance import cdist

from creativity.measures import intervals, novelty, realism, sets
from creativity.measures.tables import FEWEST, Generated, Heldout, Train, sample_rows, sample_values, set_rows
from creativity.neighbours.search import nearest, nearest_or_mirrored, search
from creativity.neighbours.tiles import trace
from creativity.neighbours.vectors import flatten
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


def test_overlap_agrees_with_the_public_package(rng):
    reference, made = rng.normal(size=(80, 6)), rng.normal(size=(60, 6)) * 0.8 + 0.3
    theirs = compute_prdc(real_features=reference, fake_features=made, nearest_k=5)
    mine = {name: part.mean() for name, part in sets.overlap(made, reference)._asdict().items()}
    assert mine == pytest.approx(theirs)


def test_which_side_is_generated_is_pinned_by_a_mode_collapse(rng):
    reference = np.concatenate([rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 20])
    collapsed = rng.normal(size=(60, 2))  # one of the two modes
    found = sets.overlap(collapsed, reference)
    assert found.precision.mean() > 0.9
    assert found.coverage.mean() < 0.6
    assert found.recall.mean() < 0.6
    assert found.density.mean() > 0.7


def test_the_one_dimensional_wasserstein_distance_is_scipys(rng):
    a, b = rng.normal(size=(31, 4)), rng.normal(size=(50, 4)) + 0.5
    expected = [stats.wasserstein_distance(a[:, j], b[:, j]) for j in range(4)]
    assert sets.wasserstein(a, b).tolist() == pytest.approx(expected)


def test_the_sliced_distance_of_a_shift_is_the_mean_projection_of_it(rng):
    a = rng.normal(size=(200, 3))
    expected = 2 * 0.5  # E|u_1| of a unit vector in three dimensions is 1/2
    assert sets.sliced_wasserstein(a + np.array([2, 0, 0]), a) == pytest.approx(expected, rel=0.1)
    assert sets.sliced_wasserstein(a, a) == 0


def energy(a, b):
    return sets.energy_distance(cdist(a, b), cdist(a, a), cdist(b, b))


def test_the_energy_distance_is_scipys_but_for_the_diagonals(rng):
    a, b = rng.normal(size=(40, 1)), rng.normal(size=(60, 1)) + 1
    biased = stats.energy_distance(a[:, 0], b[:, 0]) ** 2
    unbiased = biased - cdist(a, a).mean() / 39 - cdist(b, b).mean() / 59
    assert energy(a, b) == pytest.approx(unbiased)


def test_the_energy_distance_is_zero_on_average_for_one_distribution(rng):
    values = [energy(rng.normal(size=(20, 5)), rng.normal(size=(30, 5))) for _ in range(200)]
    assert np.mean(values) == pytest.approx(0, abs=3 * np.std(values) / np.sqrt(200))
    assert energy(rng.normal(size=(20, 5)) + 3, rng.normal(size=(30, 5))) > 1


def test_the_frechet_distance_by_its_definition(rng):
    a, b = rng.normal(size=(60, 8)) @ rng.normal(size=(8, 8)), rng.normal(size=(90, 8)) + 1
    ca, cb = np.cov(a.T), np.cov(b.T)
    root = np.real(linalg.sqrtm(ca @ cb))
    expected = np.sum((a.mean(0) - b.mean(0)) ** 2) + np.trace(ca + cb - 2 * root)
    assert sets.frechet(a, b) == pytest.approx(expected)
    assert sets.frechet(a, a) == pytest.approx(0, abs=1e-9)
    assert sets.frechet(a + 2, a) == pytest.approx(8 * 4)


def test_the_frechet_distance_survives_fewer_images_than_dimensions(rng):
    a = rng.normal(size=(10, 30))
    assert sets.frechet(a, a) == pytest.approx(0, abs=1e-9)


def test_wilson_intervals():
    found = intervals.share(np.array([True] * 3 + [False] * 7))
    assert tuple(found) == pytest.approx((0.3, 0.10779, 0.60323, 10), abs=1e-4)
    assert np.isnan(intervals.share(np.zeros(0, dtype=bool)).value)


def test_the_bootstrap_covers_the_mean_as_often_as_it_says(rng):
    hits = 0
    for _ in range(100):
        found = intervals.centre(rng.normal(size=80), np.mean)
        hits += found.low <= 0 <= found.high
    assert 86 <= hits <= 100


def test_intervals_by_halves_have_the_width_of_the_true_spread():
    rng = np.random.default_rng(5)
    widths, values = [], []
    for _ in range(150):
        a, b = rng.normal(size=(60, 1)) + 1, rng.normal(size=(60, 1))
        found = intervals.between(lambda i, j, a=a, b=b: float(a[i].mean() - b[j].mean()), 60, 60)
        widths.append(found.high - found.low)
        values.append(found.value)
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(values), rel=0.2)


@pytest.fixture
def world(faces):
    order = np.random.default_rng(1).permutation(400)
    train, heldout, reference = np.split(faces[order], [100, 200])
    return train, heldout, reference


def measured(made, world, finite=None):
    """All measures of a set of images, as the workflow computes them."""
    train, heldout, reference = world
    finite = np.ones(len(made), dtype=bool) if finite is None else finite
    own = {"pixel": search(train, train, reference, "pixel", 5, mirrored=True, itself=True)}
    first = {"pixel": search(heldout, train, reference, "pixel", 5, mirrored=True).distances[:, 0]}
    held = Heldout(first, novelty.collage_residual(trace(heldout, train, 2).distances))
    pictures = made[finite]
    found = {"pixel": search(pictures, train, reference, "pixel", 5, mirrored=True)} if len(pictures) else {}
    generated = Generated(pictures, found, trace(pictures, train, 2))
    values = sample_values(generated, Train(train, own, True), held, reference)
    rows = set_rows(generated, values, finite, Train(train, own, True), reference)
    return {(row[0], row[1]): row[2] for row in rows}, sample_rows(values, finite), values


def test_a_copier_is_seen_as_one(world):
    table, _, values = measured(world[0][:60] + np.float32(0.002), world)
    assert table["memorised", "pixel"] == 1
    assert table["authentic", "pixel"] == 0
    assert table["heldout_percentile", "pixel"] == 0
    assert set(values.classes) == {"copy"}


def test_a_mirrored_copier_is_seen_as_one(world):
    table, _, _ = measured(world[0][:60, ..., ::-1], world)
    assert table["nearest_distance", "pixel"] == 0
    assert table["memorised", "pixel"] == 1


def test_held_out_images_are_new_and_real(world):
    table, _, values = measured(world[1], world)
    assert table["memorised", "pixel"] <= 0.06
    assert table["heldout_percentile", "pixel"] == pytest.approx(0.5, abs=0.02)
    assert table["real", "pixel"] >= 0.75
    assert values.classes.count("novel real") > 70


def test_the_mean_face_and_noise_are_not_real(world, rng):
    mean = np.repeat(world[0].mean(axis=0, keepdims=True), 20, axis=0)
    noise = rng.normal(size=(20, 1, 8, 8)).astype(np.float32)
    for made in (mean, noise):
        table, _, values = measured(made, world)
        assert table["real", "pixel"] == 0
        assert "novel real" not in values.classes


def test_a_mosaic_of_training_tiles_is_seen_as_one(world, rng):
    train = world[0]
    made = np.empty((40, 1, 8, 8), dtype=np.float32)
    for i in range(40):
        for row in range(0, 8, 2):
            for col in range(0, 8, 2):
                made[i, :, row : row + 2, col : col + 2] = train[rng.integers(100), :, row : row + 2, col : col + 2]
    _, _, values = measured(made, world)
    assert values.classes.count("mosaic") >= 38


def test_samples_that_are_not_finite_are_counted_and_left_out(world):
    made = world[1].copy()
    finite = np.ones(100, dtype=bool)
    finite[:30] = False
    made[:30] = np.nan
    table, rows, values = measured(made, world, finite)
    assert table["finite", "pixel"] == pytest.approx(0.7)
    assert len(values.classes) == 70
    assert {row[0] for row in rows if row[1] == "nearest_distance"} == set(range(30, 100))


def test_no_finite_sample_leaves_only_that_count(world):
    made = np.full((12, 1, 8, 8), np.nan, dtype=np.float32)
    table, rows, _ = measured(made, world, np.zeros(12, dtype=bool))
    assert table == {("finite", "pixel"): 0}
    assert len(rows) == 12


def test_no_sample_at_all_leaves_empty_tables(world):
    table, rows, _ = measured(np.zeros((0, 1, 8, 8), dtype=np.float32), world)
    assert table == {}
    assert rows == []


def test_few_samples_are_not_compared_as_a_set(world):
    table, _, _ = measured(world[1][: FEWEST - 1], world)
    assert ("memorised", "pixel") in table
    assert ("precision", "pixel") not in table


def test_the_laplacian_energy_of_a_known_picture():
    x = np.zeros((1, 1, 5, 5), dtype=np.float32)
    x[0, 0, 2, 2] = 1  # -4 in the middle, 1 beside it, within 3 x 3
    assert realism.laplacian_energy(x).tolist() == pytest.approx([(16 + 4) / 9])
    ramp = np.tile(np.arange(6, dtype=np.float32), (1, 1, 6, 1))
    assert realism.laplacian_energy(ramp).tolist() == [0]


def test_the_ruler_holds_95_percent_of_the_reference(world):
    reference = world[2]
    ruler = realism.fit_ruler(reference)
    rows = flatten(reference)
    own = nearest(rows, rows, 5, itself=True).distances[:, -1]
    inside = (ruler.distance_range[0] <= own) & (own <= ruler.distance_range[1])
    assert inside.mean() == pytest.approx(0.95, abs=0.01)
