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


def test_pairs_are_those_of_the_runs_that_are_there(root):
    found = table(root, "pairs")
    both = set(zip(found["a"], found["seed_a"], strict=True)) | set(zip(found["b"], found["seed_b"], strict=True))
    assert ("unet-pool1", 1) in both
    assert ("unet-pool1", 2) not in both
    assert len(both) == 1 + 3 * 3 - 1
