"""What jobs were estimated to need beside what they used: `python benchmarks/demand.py results/faces ...`, for finished campaigns.

Used is the processor time and the peak memory that Snakemake wrote to the benchmark files of the campaign.
"""

import csv
import re
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from creativity.campaign.validation import load
from creativity.running.demand import Estimates, Machine, measured_rates

RUN = re.compile(r"(?P<subset>n\d+-s\d+)(-controls|-(?P<denoiser>.+)-(?P<seed>\d+))?")  # of one run, or of the controls of a subset
SEEDS = re.compile(r"(?P<subset>n\d+-s\d+)-(?P<denoiser>.+)")  # of all trainings of a denoiser on a subset: explain_seeds
TOGETHER = re.compile(r"n(?P<n>\d+)-(?P<denoiser>.+)")  # of all runs that are trained together


class Use(NamedTuple):
    """One job: its processor seconds and megabytes, estimated and used."""

    rule: str
    seconds: float
    used_seconds: float
    megabytes: float
    used_megabytes: float


def uses(root: Path) -> Iterator[Use]:
    """All jobs of a campaign that left a benchmark file. root: results/<campaign>."""
    campaign = load(root / "config.yaml")
    estimates = Estimates({campaign.campaign: campaign}, Machine(measured_rates()))
    for path in sorted((root / "benchmarks").rglob("*.tsv")):
        rule = path.stem if path.parent.name == "benchmarks" else path.parent.name
        match = (SEEDS if rule == "explain_seeds" else RUN).fullmatch(path.stem)
        if together := None if match else TOGETHER.fullmatch(path.stem):
            match, rule = together, f"{rule}_together"
        wildcards = {name: value for name, value in match.groupdict().items() if value} if match else {}
        estimate = estimates.of(rule, wildcards | {"campaign": campaign.campaign})
        with path.open(encoding="utf-8", newline="") as file:
            used = next(csv.DictReader(file, delimiter="\t"))
        seconds = 0.0 if used["cpu_time"] == "NA" else float(used["cpu_time"])
        if seconds > 0:  # else the job was too short for Snakemake's clock
            yield Use(rule, estimate.seconds, seconds, estimate.megabytes, float(used["max_rss"]))


def lines(root: Path) -> Iterator[str]:
    """A table in Markdown: a row a rule, with the least and greatest ratio of estimate to use."""
    by_rule = defaultdict(list)
    for use in uses(root):
        by_rule[use.rule].append(use)
    yield f"| {root.name} | jobs | seconds used | estimated / used | MB used | estimated / used |\n|---|---|---|---|---|---|"
    for rule, jobs in by_rule.items():
        time, memory = ([a / b for a, b in pairs] for pairs in ([job[1:3] for job in jobs], [job[3:5] for job in jobs]))
        seconds, megabytes = (statistics.median(job[i] for job in jobs) for i in (2, 4))
        ranges = (f"{min(ratios):.2g} to {max(ratios):.2g}" for ratios in (time, memory))
        yield f"| {rule} | {len(jobs)} | {seconds:.3g} | {next(ranges)} | {megabytes:.0f} | {next(ranges)} |"


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        print(*lines(Path(folder)), "", sep="\n")
