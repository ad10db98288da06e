"""Features of another network as the workflow asks for them: random weights of the smallest DINOv2."""

import pandas as pd
import pytest
import timm
import torch

from creativity.families.control import CONTROLS

RUN = "results/tiny/runs/n20-s0/linear/seed0/measures.parquet"
DENOISERS = {"linear": {"family": "linear"}}
SUBSETS = {"sizes": [20], "heldout": 40, "reference": 60}


@pytest.mark.long
def test_sets_are_compared_in_the_features_of_the_network_that_a_campaign_names(new_checkout):
    checkout = new_checkout()

    def config(**features):
        return checkout.config(denoisers=DENOISERS, subsets=SUBSETS, features=features)

    assert "features" not in checkout.planned(config())
    torch.manual_seed(0)
    weights = checkout.root / "weights.pth"
    torch.save(timm.create_model("vit_small_patch14_dinov2", num_classes=0).state_dict(), weights)
    named = config(extractor="dinov2-vits14", weights="weights.pth")
    sets = 4  # reference, training, held-out and disguised images
    assert checkout.planned(named)["features"] == sets + len(DENOISERS) + len(CONTROLS)
    checkout.snakemake(RUN, "--configfile", named)
    table = pd.read_parquet(checkout.root / RUN)
    sets = {space: set(rows["measure"]) for space, rows in table.groupby("space")}
    assert {"frechet", "kernel_distance", "coverage", "copying_test", "feature_likelihood_gap"} <= sets["dinov2-vits14"]
    assert sets["dinov2-vits14"] == sets["pca"]
    weights.rename(checkout.root / "elsewhere.pth")
    done = checkout.snakemake(RUN, "--configfile", named, check=False)
    assert 'features.weights: found "weights.pth"; allowed: a file' in done.stdout.replace("'", '"')
