"""A made-up campaign of which one run is gone."""

import json

import made_up
import pytest

from creativity import store
from creativity.campaign.layout import runs
from creativity.measures.pairs import PAIR

GONE = "n20-s0/unet-pool1/seed2"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "campaign"
    campaign = made_up.campaign(folder, seeds=(0, 1, 2))
    for run in runs(campaign):
        store.write(run.file(folder, "explained.parquet"), {"other": store.TEXT} | PAIR, [], made_up.STAMP)
    for path in folder.joinpath("runs", GONE).iterdir():
        path.write_bytes(b"broken: nobody may read it")
    (folder / "missing.json").write_text(json.dumps([GONE]))
    return folder
