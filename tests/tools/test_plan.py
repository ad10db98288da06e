"""The plan of a campaign that asks for as many images as there are."""

from types import SimpleNamespace

import numpy as np
import yaml
from checkout import TINY
from PIL import Image

import plan
from creativity.running.demand import Estimates, machine


def test_a_campaign_that_asks_for_all_images_has_a_cost(tmp_path, monkeypatch, rng):
    monkeypatch.chdir(tmp_path)
    for name, count in (("train", 20), ("other", 30), ("samples", 40)):
        (tmp_path / name).mkdir()
        for i, image in enumerate(rng.integers(0, 256, (count, 8, 8), dtype=np.uint8)):
            Image.fromarray(image).save(tmp_path / name / f"{i}.png")
    changes = {
        "dataset": {"name": "image-folder", "size": 8, "path": "other", "train": "train"},
        "subsets": {"sizes": ["all"]},
        "denoisers": {"mine": {"family": "external", "path": "samples", "count": "all"}},
        "sampling": {},
    }
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(TINY | changes))
    campaigns = plan.campaigns_of(SimpleNamespace(configfile=[tmp_path / "mine.yaml"]))
    estimates = Estimates(campaigns, machine(None))
    assert campaigns["tiny"].subsets.sizes == (20,)
    assert estimates.of("reference", {"campaign": "tiny"}).seconds > 0
    wildcards = {"campaign": "tiny", "subset": "n20-s0"}
    judged = {name: estimates.of("judge", wildcards | {"denoiser": name}).seconds for name in ("mine", "copier")}
    assert judged["mine"] > judged["copier"]  # 40 samples beside 15
