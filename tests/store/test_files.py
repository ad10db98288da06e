import errno

import pytest

from creativity import store
from creativity.store import tables

STAMP = store.Stamp("test", "content", "code", "commit")
KINDS = {"sample": store.LONG, "name": store.TEXT, "value": store.REAL}


def test_nothing_half_written_is_left(tmp_path, monkeypatch):
    path = tmp_path / "t.parquet"
    store.write(path, KINDS, [(1, "old", 1.0)], STAMP)

    def fail(writer, table):
        raise OSError(errno.ENOSPC, "in pyarrow's words")

    monkeypatch.setattr(tables.pq.ParquetWriter, "write_table", fail)
    with pytest.raises(store.StoreError, match=r"t.parquet: could not be written \(No space left on device\)\.$"):
        store.write(path, KINDS, [(2, "new", 2.0)], STAMP)
    monkeypatch.undo()
    assert store.read(path)["name"].to_pylist() == ["old"]
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]
