from dataclasses import replace

import numpy as np
from drawn import STAMP, marks, results

from creativity import store
from creativity.campaign.layout import Run
from creativity.figures.phase import draw as draw_phase
from creativity.measures.pairs import PAIRS
from creativity.measures.phase import PHASE


def test_an_open_end_of_a_phase_is_said_in_words(tmp_path):
    shares = {"copies": (1.0, 1.0), "creates": (0.0, 0.0), "crosses": (1.0, 0.0)}
    every = [Run(f"n{n}-s0", n, name, "unet", "trained", 0, {}, None) for name in shares for n in (20, 40)]
    found = results(tmp_path, every)
    found.measures["value"] = found.measures["value"].astype(float)
    found.measures.loc[found.measures["measure"] == "memorised", "value"] = [share for both in shares.values() for share in both]
    ends = {"copies": np.inf, "creates": 0.0, "crosses": 28.3}
    rows = [(name, "unet", "trained", end, end, end, 1, 40, 1) for name, end in ends.items()]
    store.write(tmp_path / "phase.parquet", PHASE, rows, STAMP)
    store.write(tmp_path / "pairs.parquet", PAIRS, [], STAMP)
    spec, _ = marks(draw_phase(found._replace(subset=None)))
    said = {row["denoiser"]: row["said"] for rows in spec["datasets"].values() for row in rows if "said" in row}
    assert said == {"copies": "copies at 40 still", "creates": "creates at 20 already", "crosses": "28"}


def test_a_phase_says_how_alike_trainings_on_disjoint_images_are_and_nothing_where_images_are_shared(tmp_path):
    every = [Run(f"n{n}-s{seed}", n, "unet", "unet", "trained", 0, {}, None) for n in (20, 40) for seed in (0, 1)]
    found = results(tmp_path, every)
    found.measures["value"] = found.measures["value"].astype(float)
    store.write(tmp_path / "phase.parquet", PHASE, [("unet", "unet", "trained", 30.0, 25.0, 35.0, 2, 40, 2)], STAMP)

    def pair(n, measure, value, sigma=None, b="unet"):
        return (f"n{n}-s0", "unet", 0, f"n{n}-s1", b, 0, measure, sigma, value, value, value, 40, 0)

    alike = [pair(n, "squared_correlation", value) for n, value in ((20, 0.2), (40, 0.7))]
    chance = [pair(n, "chance_squared_correlation", 0.1) for n in (20, 40)]
    others = [pair(20, "determination", 0.9), pair(20, "squared_correlation", 0.9, sigma=1.0)]
    store.write(tmp_path / "pairs.parquet", PAIRS, alike + chance + others, STAMP)
    whole = found._replace(subset=None)
    subsets = replace(found.campaign.subsets, sizes=(20, 40), seeds=(0, 1), heldout=40)
    agreement = [("agreement", 20, 0.2), ("agreement", 40, 0.7), ("chance", 20, 0.1), ("chance", 40, 0.1)]
    for disjoint, expected in ((True, agreement), (False, [])):
        campaign = replace(found.campaign, subsets=replace(subsets, disjoint=disjoint))
        spec = draw_phase(whole._replace(campaign=campaign)).to_dict()
        drawn = {(row["kind"], row["n"], row["value"]) for rows in spec["datasets"].values() for row in rows if "subset_a" in row}
        assert sorted(drawn) == expected
        assert ("disjoint" in str(spec["title"])) == disjoint
