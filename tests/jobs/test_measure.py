"""From images and samples in files to their measures, by the jobs that the workflow runs one after the other."""

import numpy as np
import pytest

from creativity import store
from creativity.measures.judges import JUDGED
from creativity.running.job import Job
from jobs.fit_spaces import fit_spaces
from jobs.measure import measure
from jobs.neighbours import neighbours
from jobs.subset_neighbours import subset_neighbours

STAMP = store.Stamp("made", "content", "code", "commit")
SEARCH = {"spaces": ["pixel", "pca", "aligned", "halves"], "k": 2, "mirrored": True, "tile": 4, "by_group": False}
SIDES = {"train": slice(0, 20), "heldout": slice(20, 60), "reference": slice(60, 120)}


@pytest.fixture
def mixed(faces16):
    """The faces in another order, so that all sets have images of all people."""
    return faces16[np.random.default_rng(0).permutation(len(faces16))]


@pytest.fixture
def measured(tmp_path, mixed):
    """A function from samples to their table of measures: {(measure, space): value}; there are 40 held-out images."""
    for name, chosen in SIDES.items():
        images = store.from_unit(mixed[chosen])
        facts = {"id": [f"{name} {i}" for i in range(len(images))], "label": [None] * len(images)}
        store.write_images(tmp_path / f"{name}.parquet", facts, images, STAMP)
    real = {name: tmp_path / f"{name}.parquet" for name in SIDES}
    of_subset = {name: tmp_path / f"subset_{name}.parquet" for name in ("neighbours", "scales", "provenance")}
    job = Job(campaign="made", code="abc", settings=SEARCH)
    fitted = tmp_path / "spaces.safetensors"
    fit_spaces(job, reference=real["reference"], spaces=fitted)
    subset_neighbours(job, **real, spaces=fitted, **of_subset)

    def of(samples):
        files = {name: tmp_path / f"{name}.parquet" for name in ("samples", "neighbours", "provenance")}
        made = {name: tmp_path / f"{name}.parquet" for name in ("judged", "measures", "sample_measures")}
        store.write_samples(files["samples"], samples, np.ones(len(samples), dtype=bool), STAMP, {})
        neighbours(job, train=real["train"], spaces=fitted, **files)
        store.write(made["judged"], JUDGED, [(i, 0.5, 0.1) for i in range(len(samples))], STAMP)
        beside = {"subset_neighbours": of_subset["neighbours"], "scales": of_subset["scales"]}
        beside["subset_provenance"] = of_subset["provenance"]
        settings = {"mirrored": True, "count": len(samples)}
        mine = Job(campaign="made", code="abc", settings=settings)
        measure(mine, train=real["train"], reference=real["reference"], spaces=fitted, **files, **beside, **made)
        return {(row["measure"], row["space"]): row["value"] for row in store.read(made["measures"]).to_pylist()}

    return of


@pytest.mark.parametrize("count", [12, 40, 55])
def test_as_many_held_out_images_decide_whatever_the_number_of_samples(measured, mixed, count):
    """Fewer samples than held-out images, as many, and more: no p-value of copying or of a collage is below 1 in 41."""
    copies = measured(np.repeat(mixed[:20], 3, axis=0)[:count])
    assert copies["p_copy", "pixel"] == pytest.approx(1 / 41)
    assert copies["p_collage", "tile"] == pytest.approx(1 / 41)
    assert copies["class_copy", "pixel"] == 1
    assert copies["least_copies", "pixel"] == pytest.approx(np.ceil(count / (0.05 * 41)) / count)


def test_new_images_are_new(measured, mixed):
    new = measured(mixed[120:150])
    assert new["class_copy", "pixel"] <= 0.17  # of 30: 3 standard errors above 5 %
    assert new["class_collage", "pixel"] <= 0.17
