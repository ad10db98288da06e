"""What the time and memory of a campaign were spent on, from Snakemake's benchmark files, and how long each job takes to start.

python benchmarks/chain.py results/faces    # a campaign that ran without interruption, on all cores of this machine
"""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
from rounds import record, unpaired_row

SCRIPTS = Path(__file__).parents[1] / "workflow/scripts"
SLOW = ("train", "critic", "sample", "converge")  # the rules that train or draw samples


def benchmark_files(folder: Path) -> list[Path]:
    """Snakemake's benchmark files of all jobs of a campaign."""
    return sorted(folder.rglob("*.tsv"))


def job_table(folder: Path) -> pd.DataFrame:
    """One row a job: its rule, and Snakemake's columns, of which s is its seconds and max_rss its peak memory in MB."""
    tables = []
    for path in benchmark_files(folder):
        rule = path.relative_to(folder).parts[0].removesuffix(".tsv")
        tables.append(pd.read_csv(path, sep="\t").assign(rule=rule))
    return pd.concat(tables)


def campaign(folder: Path) -> list[dict]:
    """Rows for each rule of a campaign, and for the share of time that was spent on neither training nor sampling."""
    jobs = job_table(folder / "benchmarks")
    by_rule = jobs.groupby("rule").agg(jobs=("s", "size"), seconds=("s", "sum"), memory=("max_rss", "max"))
    total = by_rule["seconds"].sum()
    sums = by_rule.iterrows
    rows = [
        unpaired_row("seconds of all jobs", rule, rule_sums["seconds"], "s", int(rule_sums["jobs"])) for rule, rule_sums in sums()
    ]
    rows += [
        unpaired_row("peak memory of a rule", rule, rule_sums["memory"], "MB", int(rule_sums["jobs"])) for rule, rule_sums in sums()
    ]
    slow = by_rule["seconds"].reindex(SLOW).sum()
    ends = [path.stat().st_mtime for path in benchmark_files(folder / "benchmarks")]
    core_seconds = (os.cpu_count() or 1) * (max(ends) - min(ends))  # the job that ended first took less than a second
    for unit, whole in (("of job seconds", total), ("of wall time", core_seconds)):
        rows.append(unpaired_row(f"share of neither training nor sampling, {unit}", folder.name, 1 - slow / whole, "", len(jobs)))
    return rows


def cold_start(job: str) -> dict:
    """CPU seconds of `run.py JOB --help`, which imports all that the job needs at its start and does nothing else."""
    before = os.times()
    subprocess.run([sys.executable, SCRIPTS / "run.py", job, "--help"], check=True, capture_output=True)
    after = os.times()
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return unpaired_row("cold start", f"{job}.py", seconds, "s")


if __name__ == "__main__":
    if sys.argv[1:]:
        record(campaign(Path(sys.argv[1])))
    for path in sorted((SCRIPTS / "jobs").glob("[!_]*.py")):
        record([cold_start(path.stem)])
