"""One run on the page: each sample with its picture, its neighbours and its tiles."""

import base64
import io

import made_up
import numpy as np
import pytest
from PIL import Image

from creativity import store
from creativity.campaign.layout import runs
from creativity.report import pictures


def picture(sheet, i):
    """One picture, cut from its sheet."""
    whole = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet["uri"].split(",")[1]))))
    side, columns = sheet["side"], sheet["columns"]
    top, left = i // columns * side, i % columns * side
    return whole[top : top + side, left : left + side]


def test_every_sample_has_its_picture_its_neighbours_and_its_tiles(built):
    found, root, campaign = built
    assert len(found["runs"]) == len(runs(campaign))
    train = found["subsets"][0]
    ids = store.ids(root / "subsets/n20-s0/train.parquet")
    images = store.levels(store.read(root / "subsets/n20-s0/train.parquet"))
    for entry in found["runs"]:
        run = next(run for run in runs(campaign) if run.key == entry["key"])
        samples = store.pictures(store.read(run.file(root, "samples.parquet")))
        assert (picture(entry["sheet"], 5)[..., 0] == pictures.levels(samples)[5, 0]).all()
        rows = store.read(run.file(root, "neighbours.parquet")).to_pandas().query("sample == 5")
        places, distances, mirrored = entry["near"]["5"]
        assert [train["ids"][place] for place in places] == rows["neighbour"].tolist()
        assert distances == pytest.approx(rows["distance"].tolist(), rel=1e-3)
        assert mirrored == rows["mirrored"].tolist()
        assert (picture(train["train"], places[0])[..., 0] == images[ids.index(rows["neighbour"].iloc[0]), 0]).all()
        tiles = store.read(run.file(root, "provenance.parquet")).to_pandas().query("sample == 5")
        assert [train["ids"][place] for place in entry["tiles"]["5"][0]] == tiles["source"].tolist()
        assert entry["values"]["nearest_distance"][5] == pytest.approx(distances[0])
        assert entry["commit"] == made_up.STAMP.git_commit
