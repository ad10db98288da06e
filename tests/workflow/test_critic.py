"""Critics of realism as the workflow trains and asks them."""

import pandas as pd
import pytest

CRITIC = {"steps": 20, "width": 4}
SUBSETS = {"sizes": [20], "heldout": 40, "reference": 60}
DENOISERS = {"linear": {"family": "linear"}}
MEASURES = [f"results/tiny/runs/n20-s0/{name}/seed0/measures.parquet" for name in ("held-out", "linear")]


@pytest.mark.long
def test_critics_are_trained_once_and_judge_every_run(new_checkout):
    checkout = new_checkout()
    assert "critic" not in checkout.planned(checkout.config(denoisers=DENOISERS, subsets=SUBSETS))
    config = checkout.config(denoisers=DENOISERS, subsets=SUBSETS, critic=CRITIC)
    assert checkout.planned(config)["critic"] == 1
    checkout.snakemake(*MEASURES, "--configfile", config)
    for name in MEASURES:
        table = pd.read_parquet(checkout.root / name).set_index("measure")
        assert table["count"]["critic_real"] == table["count"]["real"] == 40
        assert 0 <= table["value"]["critic_percentile"] <= 1
    assert "critic" not in checkout.planned(config)
    sampler = "workflow/scripts/creativity/sampling/samplers/heun.py"
    before = checkout.edit(sampler, "/ 2 if at.following", "* 0.5 if at.following")
    assert checkout.planned(config)["critic"] == 1  # its mosaics are drawn by it
    (checkout.root / sampler).write_text(before)
    planned = checkout.planned(checkout.config(denoisers=DENOISERS, subsets=SUBSETS, critic=CRITIC | {"steps": 21}))
    assert planned["critic"] == 1
    assert "sample" not in planned
