"""Which training images are copied, from the tables of a run: a copy in pixels, one in another space, and a new image."""

import numpy as np
import pandas as pd
import pytest
import yaml

from creativity import store
from creativity.campaign.layout import runs
from creativity.campaign.validation import plain, resolve
from creativity.measures.classes import COPY, NEW_REAL
from creativity.measures.tables import SAMPLE_TABLE
from creativity.neighbours.tables import NEIGHBOURS, SCALES, SUBSET_NEIGHBOURS
from creativity.running.job import Job
from jobs.copied import among, copied

STAMP = store.Stamp("test", "content", "code", "commit")
TRAIN, REAL = [f"t{i}" for i in range(6)], 25
GIVEN = {
    "campaign": "copies",
    "dataset": {"name": "orl-faces", "size": 8},
    "subsets": {"sizes": [6], "heldout": REAL, "reference": REAL},
    "denoisers": {"bayes": {"family": "bayes"}},
    "neighbours": {"spaces": ["pixel", "aligned"], "k": 2},
}


@pytest.fixture
def root(tmp_path):
    """t0 and t1 are near-duplicates, t5 is isolated; distances of real images are 2 to 3 in pixels and 1 in the other space."""
    campaign = resolve(GIVEN, "test")
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(plain(campaign)))
    folder = tmp_path / "subsets/n6-s0"
    folder.mkdir(parents=True)
    columns = {"id": TRAIN, "sha256": TRAIN, "label": ["a", "a", "b", "b", "c", None]}
    store.write_images(folder / "train.parquet", columns, np.zeros((6, 1, 8, 8), np.uint8), STAMP)
    others = {"t0": ("t1", 0.01), "t1": ("t0", 0.01), "t2": ("t3", 2.0), "t3": ("t2", 2.0), "t4": ("t3", 3.0), "t5": ("t4", 8.0)}
    rows = []
    for space in ("pixel", "aligned"):
        for id_, (other, d) in others.items():
            second = "t4" if other != "t4" else "t3"
            rows += [("train", id_, space, 1, other, False, d), ("train", id_, space, 2, second, False, d + 4)]
        for side in ("heldout", "reference"):
            for i in range(REAL):
                first = 2 + i / REAL if space == "pixel" else 1 + i / 100
                rows += [(side, f"{side}{i}", space, rank, f"t{2 + rank}", False, first * rank) for rank in (1, 2)]
    store.write(folder / "neighbours.parquet", SUBSET_NEIGHBOURS, rows, STAMP)
    scales = [(id_, space, 1.0 + i) for space in ("pixel", "aligned") for i, id_ in enumerate(TRAIN)]
    store.write(folder / "scales.parquet", SCALES, scales, STAMP)
    samples = {  # nearest in pixels, there; nearest in the other space, there; class; cannot be told apart
        0: ("t5", 0.01, "t5", 0.01, COPY, 1.0),
        1: ("t5", 0.50, "t5", 0.40, COPY, 0.0),
        2: ("t2", 2.50, "t3", 0.001, COPY, 0.0),
        4: ("t2", 2.50, "t2", 1.10, NEW_REAL, 0.0),
    }
    for run in runs(campaign):
        write_run(run.file(tmp_path, "x").parent, samples)
    return tmp_path


def write_run(folder, samples):
    folder.mkdir(parents=True)
    near, values = [], []
    for sample, (pixel, d_pixel, aligned, d_aligned, name, same) in samples.items():
        for space, id_, d in (("pixel", pixel, d_pixel), ("aligned", aligned, d_aligned)):
            near += [(sample, space, 1, id_, False, d), (sample, space, 2, "t0", False, d + 5)]
            values.append((sample, "copy_score", space, d / (1.0 + int(id_[1:])), None))
        values += [(sample, "p_copy", "pixel", 0.01 * (2 - sample), None), (sample, "indistinguishable", "pixel", same, None)]
        values.append((sample, "class", "pixel", None, name))
    store.write(folder / "neighbours.parquet", NEIGHBOURS, near, STAMP)
    store.write(folder / "sample_measures.parquet", SAMPLE_TABLE, values, STAMP)


def test_each_copied_image_has_its_copies_its_isolation_and_its_duplicates(root):
    files = {name: root / f"{name}.parquet" for name in ("copied", "copied_first")}
    copied(Job(campaign="copies", code="code"), config=root / "config.yaml", **files)
    table = pd.read_parquet(files["copied"]).query("denoiser == 'bayes'")
    assert table["id"].tolist() == ["t5", "t3", "t0", "t1", "t2", "t4"]  # the most copied first, then as they lie
    assert table["copies"].tolist() == [2, 1, 0, 0, 0, 0]
    assert table["sample"].tolist()[:2] == [1, 2]
    assert table["sample"].isna().tolist() == [False] * 2 + [True] * 4
    assert table["near"].tolist() == [2, 0, 0, 0, 0, 0]  # nearer in pixels than real images are
    table = table[table["copies"] > 0]
    assert table["label"].fillna("unknown").tolist() == ["unknown", "b"]
    unit = np.median(2 + np.arange(REAL) / REAL)
    assert table["isolation"].tolist() == pytest.approx([8 / unit, 2 / unit])
    assert table["reference_distance"].tolist() == [6.0, 4.0]
    assert table["duplicates"].tolist() == [1, 1]
    first = pd.read_parquet(files["copied_first"]).query("denoiser == 'bayes'").set_index("attribute")
    assert first.loc["isolation", ["copies", "copied", "images"]].tolist() == [2, 1, 5]
    assert first["limit"].tolist() == [2.0, 2.0]
    assert len(first) == 2
    of_isolation = first.loc["isolation"]  # T = 3, with squares 3 and 4.5 among the four that stand once: z is the root of 2
    assert of_isolation["correlation"] == pytest.approx(3 / np.sqrt(13.5))
    assert of_isolation["p"] == pytest.approx(0.157299, abs=1e-6)
    assert of_isolation["p_holm"] == 1


def test_nothing_is_said_of_too_few_copies(root):
    """One sample of four as near as a copy, where one in 51 real images may be so: 0.08 of them by chance, more than 5 % of one."""
    folder = next((root / "runs").rglob("bayes/seed0"))
    near = store.read(folder / "neighbours.parquet").to_pandas()
    near.loc[(near["sample"] == 1) & (near["space"] == "pixel"), "distance"] += 5
    store.write(folder / "neighbours.parquet", NEIGHBOURS, near.values.tolist(), STAMP)
    files = {name: root / f"{name}.parquet" for name in ("copied", "copied_first")}
    copied(Job(campaign="copies", code="code"), config=root / "config.yaml", **files)
    first = pd.read_parquet(files["copied_first"]).query("denoiser == 'bayes'")
    assert set(first["copies"]) == {1}
    assert first[["correlation", "p", "p_holm"]].isna().all(axis=None)


def test_a_run_that_is_left_out_has_no_rows(root):
    (root / "missing.json").write_text('["n6-s0/bayes/seed0"]')
    files = {name: root / f"{name}.parquet" for name in ("copied", "copied_first")}
    copied(Job(campaign="copies", code="code"), config=root / "config.yaml", missing=root / "missing.json", **files)
    assert "bayes" not in set(pd.read_parquet(files["copied"])["denoiser"]) | set(
        pd.read_parquet(files["copied_first"])["denoiser"]
    )


@pytest.mark.parametrize("mirrored", [True, False])
def test_distances_among_the_images_of_a_file_are_those_of_float64(tmp_path, rng, mirrored):
    """Of one image to others; to their mirror images where these count and are nearer."""
    images = rng.integers(0, 256, (6, 2, 4, 4), dtype=np.uint8)
    images[4] = images[1][..., ::-1]
    path = tmp_path / "train.parquet"
    store.write_images(path, {"id": TRAIN, "sha256": TRAIN, "label": TRAIN}, images, STAMP)
    one, *others = (images[[1, 4, 0, 5]] / 127.5).astype(np.float64)
    expected = [min(np.linalg.norm(other - side) for side in (one, one[..., ::-1])[: 1 + mirrored]) for other in others]
    assert among(path, mirrored)(1, np.array([4, 0, 5])) == pytest.approx(expected, abs=1e-5)
    assert (expected[0] == 0) == mirrored
