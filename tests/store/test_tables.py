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


def test_the_footer_says_where_a_file_comes_from(tmp_path):
    path = tmp_path / "t.parquet"
    store.write(path, KINDS, [], STAMP, near_duplicates="3")
    assert store.footer(path) == {**STAMP._asdict(), "near_duplicates": "3"}


def test_the_same_rows_give_the_same_bytes(tmp_path, rng):
    images = rng.random((9, 1, 4, 4)).astype(np.float32)
    for name in "ab":
        store.write_samples(tmp_path / name, images, np.ones(9, dtype=bool), STAMP, {"b": 1, "a": 2})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_broken_or_missing_file_is_named(tmp_path):
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and no more")
    for name in ("torn.parquet", "none.parquet"):
        for function in (store.read, store.footer):
            with pytest.raises(store.StoreError, match=f"{name}: found no readable Parquet file"):
                function(tmp_path / name)


def test_a_part_of_a_table_has_the_rows_that_hold_one_of_the_values(tmp_path):
    path = tmp_path / "table.parquet"
    rows = [(i, "pixel" if i % 2 else "pca") for i in range(6)]
    store.write(path, {"sample": store.LONG, "space": store.TEXT}, rows, STAMP)
    assert store.part(path, sample=[4, 1, 3], space=["pixel"]).to_pydict() == {"sample": [1, 3], "space": ["pixel", "pixel"]}
    assert store.part(path, ["space"], sample=[0, 9]).to_pydict() == {"space": ["pca"]}
    assert store.part(path, ["space"], sample=[1], space=[]).to_pydict() == {"space": []}
    assert store.part(path, sample=[]).column_names == ["sample", "space"]
    assert store.count(path) == 6


def test_a_part_of_a_table_of_images_has_their_pictures(tmp_path, rng):
    path = tmp_path / "images.parquet"
    images = rng.integers(0, 255, (5, 3, 4, 4)).astype(np.uint8)
    store.write_images(path, {"id": list("abcde")}, images, STAMP)
    assert (store.levels(store.part(path, id=["d", "b"])) == images[[1, 3]]).all()
