import subprocess
import sys

import pandas as pd
from checkout import ROOT

sys.path.insert(0, str(ROOT / "workflow/scripts"))


def table(root, script):
    """The table that a script makes of a campaign without the runs in missing.json."""
    out = root / f"{script}.parquet"
    options = ["--campaign", "campaign", "--code", "code", "--params", "{}", "--config", root / "config.yaml"]
    command = [sys.executable, ROOT / f"workflow/scripts/{script}.py", *options, "--missing", root / "missing.json", "--out", out]
    subprocess.run(list(map(str, command)), check=True)
    return pd.read_parquet(out)


def test_no_claim_is_made_of_a_denoiser_without_all_its_seeds(root):
    found = table(root, "claims")
    assert set(found["a"]) | set(found["b"]) == {"unet-pool0", "unet-pool2", "bayes"}
    assert set(found["seeds"]) == {3}
