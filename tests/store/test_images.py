import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from creativity import store

STAMP = store.Stamp("test", "content", "code", "commit")


@pytest.mark.parametrize(("kind", "read"), [(np.uint8, store.levels), (np.float32, store.pictures)])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_images_keep_their_shape_and_values(tmp_path, rng, kind, read, count):
    images = (rng.random((count, 3, 4, 5)) * 200).astype(kind)
    path = tmp_path / "i.parquet"
    store.write_images(path, {"id": [f"i{i}" for i in range(count)], "number": np.arange(count)}, images, STAMP)
    table = store.read(path)
    assert np.array_equal(read(table), images)
    assert read(table).dtype == kind
    assert table["image"].type.shape == [3, 4, 5]
    assert pl.read_parquet(path)["number"].to_list() == list(range(count))
    assert len(pd.read_parquet(path)) == count
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(count,)]


def test_values_that_are_not_finite_survive(tmp_path):
    images = np.array([np.nan, np.inf, -np.inf, 1e30], dtype=np.float32).reshape(1, 1, 2, 2)
    store.write_samples(tmp_path / "s.parquet", images, np.array([False]), STAMP, {"status": "trained"})
    assert np.array_equal(store.pictures(store.read(tmp_path / "s.parquet")), images, equal_nan=True)


def test_grey_values_become_units_and_back():
    levels = np.arange(256, dtype=np.uint8)
    units = store.to_unit(levels)
    assert units[0] == -1
    assert units[-1] == 1
    assert np.array_equal(np.round((units + 1) * 127.5).astype(np.uint8), levels)


def test_samples_are_refused_where_a_set_is_asked_and_a_set_where_samples_are(tmp_path, rng):
    images, samples = tmp_path / "set.parquet", tmp_path / "samples.parquet"
    store.write_images(images, {"id": ["a"]}, rng.integers(0, 255, (1, 1, 2, 2), dtype=np.uint8), STAMP)
    store.write_samples(samples, rng.random((1, 1, 2, 2)).astype(np.float32), np.ones(1, dtype=bool), STAMP, {})
    for read in (store.units, lambda path: store.levels(store.read(path), path)):
        with pytest.raises(store.StoreError, match=r"samples.parquet: found images of type float32; allowed: levels 0..255\.$"):
            read(samples)
    for read in (store.finite_samples, lambda path: store.pictures(store.read(path), path)):
        with pytest.raises(store.StoreError, match=r"set.parquet: found images of type uint8; allowed: float32"):
            read(images)


def test_sets_are_read_in_the_units_of_the_denoisers_and_samples_without_those_that_are_not_finite(tmp_path):
    levels = np.array([0, 255, 51, 204], dtype=np.uint8).reshape(2, 1, 1, 2)
    store.write_images(tmp_path / "set.parquet", {"id": ["b", "a"]}, levels, STAMP)
    assert store.units(tmp_path / "set.parquet").ravel().tolist() == pytest.approx([-1, 1, -0.6, 0.6])
    assert store.ids(tmp_path / "set.parquet") == ["b", "a"]
    samples = np.array([1, np.nan, 3], dtype=np.float32).reshape(3, 1, 1, 1)
    store.write_samples(tmp_path / "samples.parquet", samples, np.array([True, False, True]), STAMP, {})
    assert store.finite_samples(tmp_path / "samples.parquet").ravel().tolist() == [1, 3]


def test_samples_are_rounded_to_the_nearest_level_and_clipped():
    assert store.from_unit(np.array([-7.0, -1.0, 0.001, 1.0, 1.5])).tolist() == [0, 0, 128, 255, 255]


def test_batches_are_one_table_and_a_failure_leaves_nothing(tmp_path, rng):
    images = rng.integers(0, 255, (7, 1, 4, 4), dtype=np.uint8)
    names = [f"i{i}" for i in range(7)]
    batches = (store.image_table({"id": names[i : i + 3]}, images[i : i + 3]) for i in range(0, 7, 3))
    store.write_image_batches(tmp_path / "set.parquet", batches, STAMP, more="x")
    assert np.array_equal(store.levels(store.read(tmp_path / "set.parquet")), images)
    assert store.ids(tmp_path / "set.parquet") == names
    assert store.footer(tmp_path / "set.parquet")["more"] == "x"

    def failing():
        yield store.image_table({"id": names}, images)
        raise store.StoreError("torn")

    with pytest.raises(store.StoreError, match="torn"):
        store.write_image_batches(tmp_path / "other.parquet", failing(), STAMP)
    with pytest.raises(store.StoreError, match="found no row to write"):
        store.write_image_batches(tmp_path / "other.parquet", iter(()), STAMP)
    assert [path.name for path in tmp_path.iterdir()] == ["set.parquet"]


def test_samples_in_batches_are_the_samples_in_one(tmp_path, rng):
    samples = rng.random((5, 1, 2, 2)).astype(np.float32)
    store.write_samples(tmp_path / "one.parquet", samples, np.ones(5, dtype=bool), STAMP, {"status": "given"})
    store.write_sample_batches(tmp_path / "two.parquet", iter([samples[:2], samples[2:]]), STAMP, {"status": "given"})
    assert store.read(tmp_path / "two.parquet").equals(store.read(tmp_path / "one.parquet"), check_metadata=True)
