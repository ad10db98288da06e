import numpy as np
import pytest

from creativity.measures.evidence import Generated, Judged, Null, Train
from creativity.measures.registry import BOUNDS
from creativity.measures.tables import FEWEST, sample_rows, sample_values, set_rows
from creativity.neighbours.search import search
from creativity.neighbours.tiles import trace


@pytest.fixture
def world(faces):
    order = np.random.default_rng(1).permutation(400)
    train, heldout, reference = np.split(faces[order], [100, 200])
    return train, heldout, reference


def measured(made, world, finite=None, percentile=0.5, most=None):
    """All measures of a set of images, as the workflow computes them. percentile: what the judge says of all of them."""
    train, heldout, reference = world
    finite = np.ones(len(made), dtype=bool) if finite is None else finite
    spaces = ("pixel", "aligned")

    def near(pictures, itself=False):
        return {space: search(pictures, train, {}, space, 5, mirrored=True, itself=itself) for space in spaces}

    scales = {space: search(train, reference, {}, space, 5, mirrored=True).distances[:, -1] for space in spaces}
    known = Train(train, near(train, itself=True), near(reference), scales, True)
    held = Null(near(heldout), trace(heldout, train, 2, mirrored=True))
    pictures = made[finite]
    judged = Judged(np.full(len(pictures), percentile), np.ones(len(pictures)))
    found = near(pictures) if len(pictures) else {}
    generated = Generated(pictures, found, trace(pictures, train, 2, mirrored=True), judged)
    values = sample_values(generated, known, held, reference)
    rows = set_rows(generated, values, finite, known, reference, {}, most or len(finite))
    return {(row[0], row[1]): row[2] for row in rows}, sample_rows(values, finite), values


def test_of_many_samples_as_many_are_compared_as_a_set_as_of_the_others_and_each_is_measured(world):
    """The last 40 of 60 samples are copies of one image; every third sample is compared, as if there were no others."""
    made = np.concatenate([world[1][:20], np.repeat(world[0][:1], 40, axis=0)])
    chosen = np.linspace(0, 59, 20).round().astype(int)
    table, rows, _ = measured(made, world, most=20)
    few, _, _ = measured(made[chosen], world)
    assert table["energy_distance", "pixel"] == few["energy_distance", "pixel"]
    assert table["recall", "pixel"] == few["recall", "pixel"]
    assert table["indistinguishable", "pixel"] == pytest.approx(2 / 3)
    assert sum(row[1] == "nearest_distance" and row[2] == "pixel" for row in rows) == 60


def test_a_copier_is_seen_as_one(world):
    table, _, values = measured(world[0][:60] + np.float32(0.002), world)
    assert table["memorised", "pixel"] == 1
    assert table["authentic", "pixel"] == 0
    assert table["heldout_percentile", "pixel"] == 0
    assert set(values.classes) == {"copy"}


def test_a_few_duplicates_among_held_out_images_break_no_bound_on_the_copier(world):
    train, heldout, reference = world
    table, _, values = measured(train[:60] + np.float32(0.005), (train, np.concatenate([train[:3], heldout[3:]]), reference))
    assert table["heldout_percentile", "pixel"] == pytest.approx(0.03)
    for bound in BOUNDS:
        if bound.control == "copier" and (bound.measure, "pixel") in table:
            assert bound.low <= table[bound.measure, "pixel"] <= bound.high, bound
    assert set(values.classes) == {"copy"}


def test_samples_of_one_spurious_image_repeat_and_copies_do_not(world, rng):
    """Ten samples near one image that is in no set, among new images; and copies of ten training images, twice each."""
    train, heldout, _ = world
    spurious = np.abs(heldout[:1] - heldout[1:2]) - 1 + rng.normal(0, 0.002, (10, 1, *heldout.shape[2:]))
    table, rows, values = measured(np.concatenate([spurious, heldout[10:60]]).astype(np.float32), world)
    assert "copy" not in values.classes[:10]
    repeats = [row[3] for row in rows if row[1] == "repeats"]
    assert repeats[:10] == [1] * 10
    assert np.mean(repeats[10:]) < 0.1
    table, _, values = measured(np.concatenate([train[:10], train[:10]]) + np.float32(0.002), world)
    assert set(values.classes) == {"copy"}
    assert table["repeats", "pixel"] == 0


def test_a_mirrored_copier_is_seen_as_one(world):
    table, _, values = measured(world[0][:60, ..., ::-1], world)
    assert table["nearest_distance", "pixel"] == 0
    assert table["memorised", "pixel"] == 1
    assert set(values.classes) == {"copy"}


def test_a_copy_moved_by_a_pixel_and_made_brighter_is_a_copy(faces16):
    world = np.split(faces16[np.random.default_rng(1).permutation(400)], [100, 200])
    moved = np.roll(world[0][:60], 1, axis=3)
    moved[..., 0] = moved[..., 1]
    table, _, values = measured(moved * np.float32(0.8) + np.float32(0.15), world)
    assert table["memorised", "pixel"] < 0.2
    assert values.classes.count("copy") >= 57
    assert table["copies", "pixel"] >= 0.95


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_copier_of_pairs_is_a_copier(world, mirrored):
    """Each image stands twice in the training set, or with its mirror image: d1 and d2 are alike."""
    train = world[0][:50]
    pairs = np.concatenate([train, train[..., ::-1] if mirrored else train])
    copies = train + np.float32(0.02) * np.random.default_rng(0).standard_normal(train.shape, dtype=np.float32)
    _, _, values = measured(copies, (pairs, *world[1:]))
    assert values.classes.count("copy") >= 48


def test_held_out_images_are_new_and_real(world):
    table, _, values = measured(world[1], world)
    assert table["memorised", "pixel"] <= 0.06
    assert table["heldout_percentile", "pixel"] == pytest.approx(0.5, abs=0.02)
    assert table["real", "pixel"] >= 0.94  # the judge finds all of them real; two in a hundred are too smooth or too rough
    assert values.classes.count("copy") <= 5
    assert values.classes.count("collage") <= 5
    assert values.classes.count("new and real") >= 87


def test_what_the_judge_refuses_is_new_and_unreal(world):
    table, _, values = measured(world[1], world, percentile=1 / 201)
    assert table["real", "pixel"] == 0
    assert "new and real" not in values.classes


def test_what_is_too_smooth_is_not_real_however_easy_to_denoise(world):
    mean = np.repeat(world[0].mean(axis=0, keepdims=True), 20, axis=0)
    table, _, values = measured(mean, world, percentile=1.0)
    assert table["real", "pixel"] == 0
    assert "new and real" not in values.classes


def test_halves_of_two_training_images_are_part_copies(world):
    train = world[0]
    halves = np.concatenate([train[:40, :, :4], train[50:90, :, 4:]], axis=2)
    uneven = np.concatenate([train[:40, ..., :3], train[50:90, ..., ::-1][..., 3:]], axis=3)  # the second one mirrored
    for images in (halves, uneven):
        _, rows, values = measured(images, world)
        assert values.classes.count("collage") >= 36
        assert values.collages.count("part copy") >= 36
    assert {row[4] for row in rows if row[1] == "collage"} == {"part copy"}


def test_a_mosaic_of_training_tiles_is_seen_as_one(world, rng):
    train = world[0]
    made = np.empty((40, 1, 8, 8), dtype=np.float32)
    for i in range(40):
        for row in range(0, 8, 2):
            for col in range(0, 8, 2):
                made[i, :, row : row + 2, col : col + 2] = train[rng.integers(100), :, row : row + 2, col : col + 2]
    _, _, values = measured(made, world)
    assert values.classes.count("collage") >= 38
    assert values.collages.count("mosaic") >= 38


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
    assert table == {("finite", "pixel"): 0, ("escaped", "pixel"): 1}
    assert len(rows) == 12


def test_no_sample_at_all_leaves_empty_tables(world):
    table, rows, _ = measured(np.zeros((0, 1, 8, 8), dtype=np.float32), world)
    assert table == {}
    assert rows == []


def test_few_samples_are_not_compared_as_a_set(world):
    table, _, _ = measured(world[1][: FEWEST - 1], world)
    assert ("memorised", "pixel") in table
    assert ("precision", "pixel") not in table


def test_one_escaped_sample_is_counted_and_decides_no_distance_between_sets(world):
    made = world[1].copy()
    plain, _, _ = measured(made[1:], world)
    made[0, 0, 0, 0] = 1e20
    table, _, _ = measured(made, world)
    assert table["escaped", "pixel"] == pytest.approx(0.01)
    for name in ("energy_distance", "sliced_wasserstein", "kernel_distance", "precision", "coverage", "vendi_score"):
        assert table[name, "pixel"] == plain[name, "pixel"]
