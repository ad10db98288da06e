import numpy as np

from creativity import store
from creativity.neighbours.search import search
from creativity.neighbours.tables import (
    NEIGHBOURS,
    PROVENANCE,
    neighbour_rows,
    provenance_rows,
    read_neighbours,
    read_provenance,
    search_features,
)
from creativity.neighbours.tiles import trace

STAMP = store.Stamp("test", "content", "code", "commit")


def test_tables_survive_the_disk(faces, tmp_path):
    ids = [f"t{i}" for i in range(30)]
    found = search(faces[:6], faces[100:130], {}, "pixel", 4, mirrored=True)
    store.write(tmp_path / "n.parquet", NEIGHBOURS, neighbour_rows([(i,) for i in range(6)], "pixel", found, ids), STAMP)
    again = read_neighbours(store.read(tmp_path / "n.parquet"), ids)["pixel"]
    assert all(np.array_equal(a, b) for a, b in zip(found, again, strict=True))
    traced = trace(faces[:6], faces[100:130], 4)
    store.write(tmp_path / "p.parquet", PROVENANCE, provenance_rows(np.arange(6), traced, ids), STAMP)
    back = read_provenance(store.read(tmp_path / "p.parquet"), ids)
    assert all(np.array_equal(a, b) for a, b in zip(traced, back, strict=True))


def test_neighbours_in_features_are_those_of_the_rows_mirror_images_too(rng, tmp_path):
    rows, mirrors, queries = (rng.normal(size=(n, 6)).astype(np.float32) for n in (20, 20, 7))
    store.write_features(tmp_path / "q.parquet", "torchscript", queries, STAMP)
    for with_mirrors in (False, True):
        store.write_features(tmp_path / "p.parquet", "torchscript", rows, STAMP, mirrors if with_mirrors else None)
        space, near = search_features(tmp_path / "q.parquet", tmp_path / "p.parquet", 3)
        distances = np.linalg.norm(queries[:, None].astype(float) - rows, axis=2)
        to_mirrors = np.linalg.norm(queries[:, None].astype(float) - mirrors, axis=2)
        least = np.minimum(distances, to_mirrors) if with_mirrors else distances
        assert space == "torchscript"
        assert np.allclose(near.distances, np.sort(least, axis=1)[:, :3])
        assert near.mirrored.any() == with_mirrors
