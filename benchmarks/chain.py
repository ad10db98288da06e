"""What a campaign's wall time and memory went to, from Snakemake's own benchmark files, and the cold start of each entry point.

python benchmarks/chain.py results/faces    # of a campaign that ran in one go, on all cores of this machine
"""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
from rounds import alone, record

SCRIPTS = Path(__file__).parents[1] / "workflow/scripts"
SLOW = ("train", "critic", "sample", "converge")  # training; sampling, at checkpoints and with doubled steps too


def timings(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.tsv"))


def rules(folder: Path) -> pd.DataFrame:
    """seconds and max_rss of every job, by rule."""
    tables = []
    for path in timings(folder):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        tables.append(pd.read_csv(path, sep="\t").assign(rule=rule))
    return pd.concat(tables)


def campaign(folder: Path) -> list[dict]:
    jobs = rules(folder / "benchmarks")
    every = jobs.groupby("rule").agg(jobs=("s", "size"), seconds=("s", "sum"), memory=("max_rss", "max"))
    total = every["seconds"].sum()
    rows = [alone("seconds of all jobs", rule, found["seconds"], "s", int(found["jobs"])) for rule, found in every.iterrows()]
    rows += [alone("peak memory of a rule", rule, found["memory"], "MB", int(found["jobs"])) for rule, found in every.iterrows()]
    slow = every["seconds"].reindex(SLOW).sum()
    ends = [path.stat().st_mtime for path in timings(folder / "benchmarks")]
    cores = (os.cpu_count() or 1) * (max(ends) - min(ends))  # the first job to end is one of less than a second
    for unit, whole in (("of job seconds", total), ("of wall time", cores)):
        rows.append(alone(f"share of neither training nor sampling, {unit}", folder.name, 1 - slow / whole, "", len(jobs)))
    return rows


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
    entries = sorted(path for path in SCRIPTS.glob("*.py") if "parser(__doc__)" in path.read_text())
    for script in entries:
        record([cold_start(script)])
