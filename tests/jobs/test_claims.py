import pandas as pd

from creativity.running.job import Job
from jobs.claims import claims


def test_no_claim_is_made_of_a_denoiser_without_all_its_seeds(root):
    out = root / "claims.parquet"
    claims(Job(campaign="campaign", code="code"), config=root / "config.yaml", missing=root / "missing.json", claims=out)
    found = pd.read_parquet(out)
    assert set(found["a"]) | set(found["b"]) == {"unet-pool0", "unet-pool2", "bayes"}
    assert set(found["seeds"]) == {3}
