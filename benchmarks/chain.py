"""What a campaign's wall time and memory went to, from Snakemake's own benchmark files, and the cold start of each entry point.

python benchmarks/chain.py results/faces
"""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
from rounds import alone, record

SCRIPTS = Path(__file__).parents[1] / "workflow/scripts"
SLOW = ("train", "sample")


def rules(folder: Path) -> pd.DataFrame:
    """seconds and max_rss of every job, by rule."""
    tables = []
    for path in sorted(folder.rglob("*.tsv")):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        tables.append(pd.read_csv(path, sep="\t").assign(rule=rule))
    return pd.concat(tables)


def campaign(folder: Path) -> list[dict]:
    jobs = rules(folder / "benchmarks")
    every = jobs.groupby("rule").agg(jobs=("s", "size"), seconds=("s", "sum"), memory=("max_rss", "max"))
    total = every["seconds"].sum()
    rows = [alone("seconds of all jobs", rule, found["seconds"], "s", int(found["jobs"])) for rule, found in every.iterrows()]
    rows += [alone("peak memory of a rule", rule, found["memory"], "MB", int(found["jobs"])) for rule, found in every.iterrows()]
    share = 1 - every["seconds"].reindex(SLOW).sum() / total
    return [*rows, alone("share of neither training nor sampling", folder.name, share, "of job seconds", len(jobs))]


def cold_start(script: Path) -> dict:
    """CPU seconds of `--help`: all imports, and nothing else."""
    before = os.times()
    subprocess.run([sys.executable, script, "--help"], check=True, capture_output=True)
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return alone("cold start", script.name, spent, "s")


if __name__ == "__main__":
    if sys.argv[1:]:
        record(campaign(Path(sys.argv[1])))
    entries = sorted(path for path in SCRIPTS.glob("*.py") if "job.parser(" in path.read_text())
    for script in entries:
        record([cold_start(script)])
