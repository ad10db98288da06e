import pandas as pd

from creativity.running.job import Job
from jobs.pairs import pairs


def test_pairs_are_those_of_the_runs_that_are_there(root):
    out = root / "pairs.parquet"
    pairs(Job(campaign="campaign", code="code"), config=root / "config.yaml", missing=root / "missing.json", pairs=out)
    found = pd.read_parquet(out)
    both = set(zip(found["a"], found["seed_a"], strict=True)) | set(zip(found["b"], found["seed_b"], strict=True))
    assert ("unet-pool1", 1) in both
    assert ("unet-pool1", 2) not in both
    assert len(both) == 1 + 3 * 3 - 1
