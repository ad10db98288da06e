import pandas as pd

from creativity import store
from creativity.measures.explanation import SEEDS
from creativity.measures.pairs import PAIRS
from creativity.running.job import Job
from jobs.explained import explained


def test_second_seeds_are_those_of_the_runs_that_are_there(root):
    """Of unet-pool1 one seed of three is gone: two are left, which are held against each other."""
    subset = "n20-s0"
    for name, value in (("unet-pool0", 0.5), ("unet-pool1", 0.7), ("unet-pool2", 0.9)):
        rows = [(seed, 1 - seed, "determination", 1.0, value, 0.4, 1.0, 16, 0) for seed in (0, 1)]
        store.write(root / "runs" / subset / name / "seeds.parquet", SEEDS, rows, store.Stamp("test", "content", "code", "commit"))
    rows = [
        (subset, name, 0, subset, "bayes", 0, measure, 1.0, value, 0.0, 1.0, 16, 0)
        for name in ("unet-pool0", "unet-pool1", "unet-pool2")
        for measure, value in (("determination", 0.3), ("chance_determination", 0.1))
    ]
    store.write(root / "given.parquet", PAIRS, rows, store.Stamp("test", "content", "code", "commit"))
    files = {"config": root / "config.yaml", "missing": root / "missing.json"}
    explained(Job(campaign="campaign", code="code"), pairs=root / "given.parquet", explained=root / "explained.parquet", **files)
    told = pd.read_parquet(root / "explained.parquet").set_index("denoiser")
    assert told["second_seed"].to_dict() == {"unet-pool0": 0.5, "unet-pool1": 0.7, "unet-pool2": 0.9}
    assert set(told["explained_by"]) == {"bayes"}
    assert set(told["chance"]) == {0.1}
