import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from creativity import store

STAMP = store.Stamp("test", "content", "code", "commit")


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_images_keep_their_shape_and_values(tmp_path, rng, kind, count):
    images = (rng.random((count, 3, 4, 5)) * 200).astype(kind)
    path = tmp_path / "i.parquet"
    store.write_images(path, {"id": [f"i{i}" for i in range(count)], "number": np.arange(count)}, images, STAMP)
    table = store.read(path)
    assert np.array_equal(store.images(table), images)
    assert store.images(table).dtype == kind
    assert table["image"].type.shape == [3, 4, 5]
    assert pl.read_parquet(path)["number"].to_list() == list(range(count))
    assert len(pd.read_parquet(path)) == count
    assert duckdb.sql(f"select count(*) from '{path}'").fetchall() == [(count,)]


def test_values_that_are_not_finite_survive(tmp_path):
    images = np.array([np.nan, np.inf, -np.inf, 1e30], dtype=np.float32).reshape(1, 1, 2, 2)
    store.write_samples(tmp_path / "s.parquet", images, np.array([False]), STAMP, {"status": "trained"})
    assert np.array_equal(store.images(store.read(tmp_path / "s.parquet")), images, equal_nan=True)


def test_grey_values_become_units_and_back():
    levels = np.arange(256, dtype=np.uint8)
    units = store.to_unit(levels)
    assert units[0] == -1
    assert units[-1] == 1
    assert np.array_equal(np.round((units + 1) * 127.5).astype(np.uint8), levels)
