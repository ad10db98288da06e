"""What figures draw from: the tables of one subset, without the runs that are missing, from copier to noise."""

import made_up
import numpy as np
import pandas as pd
import pytest
from drawn import CAMPAIGN, results

from creativity.campaign.layout import MISSING, runs
from creativity.figures.results import load, sample_measures
from creativity.store import StoreError

EVERY = runs(CAMPAIGN)
DISTANCES = {"noise": 9.0, "copier": 0.0, "mlp": 5.0, "bayes": 0.0, "held-out": 2.0}


@pytest.fixture
def root(tmp_path):
    """Tables of a campaign of two subsets; nearest distances are made up, and NaN where none is named."""
    made = results(tmp_path, EVERY)
    far = made.measures["denoiser"].map(DISTANCES).astype(float)
    made.measures["value"] = far.where(made.measures["measure"] == "nearest_distance", made.measures["value"])
    for name in ("runs", "measures", "convergence"):
        getattr(made, name).to_parquet(tmp_path / f"{name}.parquet")
    return tmp_path


def test_denoisers_stand_from_copier_to_noise_controls_first_and_those_without_samples_last(root):
    found = load(root, CAMPAIGN, "n40-s0")
    assert found.order[:5] == ["copier", "bayes", "held-out", "mlp", "noise"]
    assert len(found.order) == len({run.denoiser for run in EVERY})


def test_a_subset_has_its_own_rows_alone_and_all_together_have_all(root):
    one, both = load(root, CAMPAIGN, "n40-s0"), load(root, CAMPAIGN, None)
    for name in ("runs", "measures", "convergence"):
        assert set(getattr(one, name)["subset"]) == {"n40-s0"}
        assert set(getattr(both, name)["subset"]) == {"n40-s0", "n20-s0"}
    assert {run.subset for run in one.available_runs} == {"n40-s0"}
    assert len(both.available_runs) == len(EVERY)


def test_a_run_that_is_missing_is_not_drawn(root):
    table = pd.read_parquet(root / "runs.parquet")
    table.loc[table["denoiser"] == "mlp", "status"] = MISSING
    table.to_parquet(root / "runs.parquet")
    found = load(root, CAMPAIGN, "n40-s0")
    assert "mlp" not in found.order
    assert "mlp" not in {run.denoiser for run in found.available_runs}


def test_a_value_is_the_mean_over_seeds_and_nothing_where_there_is_none(root):
    found = load(root, CAMPAIGN, None)
    assert found.value("mlp", "nearest_distance") == 5.0
    assert np.isnan(found.value("nobody", "nearest_distance"))
    assert np.isnan(found.value("mlp", "nearest_distance", "pca"))


def test_a_table_that_is_missing_is_named(root):
    with pytest.raises(StoreError, match=r"laws.parquet"):
        load(root, CAMPAIGN, None).table("laws")
    (root / "measures.parquet").unlink()
    with pytest.raises(StoreError, match=r"measures.parquet"):
        load(root, CAMPAIGN, None)


def test_measures_of_samples_have_a_column_each_numbers_and_texts(tmp_path):
    campaign = made_up.campaign(tmp_path / "made")
    every = runs(campaign)
    table = sample_measures(results(tmp_path, every)._replace(root=tmp_path / "made"), ["nearest_distance", "class", "real"])
    assert len(table) == 12 * len(every)
    assert table["nearest_distance"].astype(float).min() >= 0
    assert set(table["class"]) <= set(made_up.NAMES)
    assert table["real"].isna().all()  # nobody measured it
