import numpy as np
import pytest

from creativity.measures import novelty
from creativity.measures.evidence import Generated, Heldout, Train
from creativity.measures.tables import FEWEST, sample_rows, sample_values, set_rows
from creativity.neighbours.search import search
from creativity.neighbours.tiles import trace


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
