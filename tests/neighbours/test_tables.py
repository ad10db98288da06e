import numpy as np

from creativity import store
from creativity.neighbours.search import search
from creativity.neighbours.tables import NEIGHBOURS, PROVENANCE, neighbour_rows, provenance_rows, read_neighbours, read_provenance
from creativity.neighbours.tiles import trace

STAMP = store.Stamp("test", "content", "code", "commit")


def test_tables_survive_the_disk(faces, tmp_path):
    ids = [f"t{i}" for i in range(30)]
    found = search(faces[:6], faces[100:130], faces[200:], "pixel", 4, mirrored=True)
    store.write(tmp_path / "n.parquet", NEIGHBOURS, neighbour_rows([(i,) for i in range(6)], "pixel", found, ids), STAMP)
    again = read_neighbours(store.read(tmp_path / "n.parquet"), ids)["pixel"]
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))
    traced = trace(faces[:6], faces[100:130], 4)
    store.write(tmp_path / "p.parquet", PROVENANCE, provenance_rows(np.arange(6), traced, ids), STAMP)
    back = read_provenance(store.read(tmp_path / "p.parquet"), ids)
    assert all(np.array_equal(a, b) for a, b in zip(traced, back, strict=True))
