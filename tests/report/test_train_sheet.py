"""The training images on the page: those that are pointed to, in that order, with the scales of the map."""

import made_up
import numpy as np

from creativity import store
from creativity.report.train_sheet import TrainSheet


def test_a_training_image_has_a_place_once_it_is_pointed_to(tmp_path):
    root = tmp_path / "page"
    made_up.campaign(root)
    sheet = TrainSheet(root, "n20-s0")
    ids = store.ids(root / "subsets/n20-s0/train.parquet")
    assert [sheet.number(ids[i]) for i in (7, 3, 7)] == [0, 1, 0]
    entry = sheet.entry(lossless=True)
    assert entry["ids"] == [ids[7], ids[3]]
    assert (entry["name"], entry["n"]) == ("n20-s0", 20)


def test_one_on_the_axes_of_the_map_is_the_median_of_held_out_images(tmp_path):
    root = tmp_path / "page"
    made_up.campaign(root)
    table = store.read(root / "runs/n20-s0/held-out/seed0/sample_measures.parquet").to_pandas()
    scales = TrainSheet(root, "n20-s0").scales
    for axis, measure in (("novelty", "nearest_distance"), ("realism", "denoising_error")):
        assert scales[axis] == np.median(table.loc[table["measure"] == measure, "value"])
    assert 0 < scales["band"][0] < scales["band"][1]


def test_without_its_files_a_subset_has_no_image_and_no_scale(tmp_path):
    sheet = TrainSheet(tmp_path, "n20-s0")
    assert sheet.scales == {"novelty": None, "realism": None, "band": None}
    assert sheet.entry(lossless=True)["ids"] == []
