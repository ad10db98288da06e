import errno

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from creativity import store

STAMP = store.Stamp("test", "content", "code", "commit")
KINDS = {"sample": store.LONG, "name": store.TEXT, "value": store.REAL}


def test_a_table_is_read_by_pandas_polars_and_duckdb(tmp_path):
    path = tmp_path / "t.parquet"
    store.write(path, KINDS, [(1, "a", 0.5), (2, None, float("nan"))], STAMP)
    assert pd.read_parquet(path)["sample"].tolist() == [1, 2]
    assert pl.read_parquet(path)["name"].to_list() == ["a", None]
    assert duckdb.sql(f"select count(*), min(value) from '{path}'").fetchall() == [(2, 0.5)]


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


def test_the_footer_says_where_a_file_comes_from(tmp_path):
    path = tmp_path / "t.parquet"
    store.write(path, KINDS, [], STAMP, near_duplicates="3")
    assert store.footer(path) == {**STAMP._asdict(), "near_duplicates": "3"}


def test_the_same_rows_give_the_same_bytes(tmp_path, rng):
    images = rng.random((9, 1, 4, 4)).astype(np.float32)
    for name in "ab":
        store.write_samples(tmp_path / name, images, np.ones(9, dtype=bool), STAMP, {"b": 1, "a": 2})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    path = tmp_path / "t.parquet"
    store.write(path, KINDS, [(1, "old", 1.0)], STAMP)

    def fail(table, where, **options):
        where.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "in pyarrow's words")

    monkeypatch.setattr(store.pq, "write_table", fail)
    with pytest.raises(store.StoreError, match=r"t.parquet: could not be written \(No space left on device\)\.$"):
        store.write(path, KINDS, [(2, "new", 2.0)], STAMP)
    monkeypatch.undo()
    assert store.read(path)["name"].to_pylist() == ["old"]
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_a_broken_or_missing_file_is_named(tmp_path):
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    for name in ("torn.parquet", "none.parquet"):
        for function in (store.read, store.footer):
            with pytest.raises(store.StoreError, match=f"{name}: found no readable Parquet file"):
                function(tmp_path / name)


def test_grey_values_become_units_and_back():
    levels = np.arange(256, dtype=np.uint8)
    units = store.to_unit(levels)
    assert units[0] == -1
    assert units[-1] == 1
    assert np.array_equal(np.round((units + 1) * 127.5).astype(np.uint8), levels)
