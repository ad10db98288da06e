import numpy as np
import pandas as pd

from creativity import store
from creativity.measures.tables import SAMPLE_TABLE
from creativity.running.job import Job
from jobs.claims import claims, values


def test_no_claim_is_made_of_a_denoiser_without_all_its_seeds(root):
    out = root / "claims.parquet"
    claims(Job(campaign="campaign", code="code"), config=root / "config.yaml", missing=root / "missing.json", claims=out)
    found = pd.read_parquet(out)
    assert set(found["a"]) | set(found["b"]) == {"unet-pool0", "unet-pool2", "bayes"}
    assert set(found["seeds"]) == {3}


def test_a_sample_that_escaped_decides_no_difference_of_distances(tmp_path):
    away = [3.0, 4.0, 1e15]
    rows = [(i, "nearest_distance", "pixel", d, None) for i, d in enumerate(away)] + [
        (i, "real", "pixel", 0.0, None) for i in range(3)
    ]
    rows += [(i, "class", "pixel", None, "new and unreal") for i in range(3)]
    store.write(tmp_path / "samples.parquet", SAMPLE_TABLE, rows, store.Stamp("made", "content", "code", "commit"))
    found = values(tmp_path / "samples.parquet")
    assert found["nearest_distance"].tolist()[:2] == away[:2]
    assert np.isnan(found["nearest_distance"][2])
    assert found["real"].tolist() == [0.0, 0.0, 0.0]
    assert found["class_new_and_real"].tolist() == [0.0, 0.0, 0.0]
