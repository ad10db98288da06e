"""The plan that `make plan` prints, and every run of the workflow before its first job: which jobs would run, where, at what cost.

The cost is that of earlier jobs, from the benchmark files of each rule, and otherwise that of counted operations.
"""

import csv
import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

BENCHMARK = re.compile(r"n\d+-s\d+-(?P<denoiser>.+)-\d+\.tsv")


class Ahead(NamedTuple):
    """A job that would run.

    benchmark: the file to which its time will be written; None for a rule that only names targets, such as `all`.
    flags: the options by which Slurm is asked for a GPU; "" for a job that asks for none. seconds: by counted operations.
    """

    rule: str
    wildcards: Mapping[str, str]
    benchmark: str | None
    flags: str
    seconds: float


class Where(NamedTuple):
    """Where jobs would run. limit: how many at once. status: the command that asks Slurm about running jobs; None without Slurm."""

    profile: str
    executor: str
    limit: str
    status: str | None

    def __str__(self) -> str:
        status = f", status by {self.status}" if self.status else ""
        return f"{self.profile} (executor {self.executor}, at most {self.limit} at once{status})"


def where(args: Any) -> Where:
    """Where jobs would run, by Snakemake's options; args: as Snakemake parses them, those of the profile included."""
    executor = args.executor or "local"
    limit = f"{args.jobs} jobs" if args.jobs else f"{args.cores or 'all'} cores"
    status = None
    if executor == "slurm":
        command = getattr(args, "slurm_status_command", None)
        status = command if isinstance(command, str) else "sacct, which needs slurmdbd"
    return Where(", ".join(args.profile or ["no profile"]), executor, limit, status)


def flags(resources: Any) -> str:
    """The options by which Slurm is asked for the GPUs of a job with these Snakemake resources.

    >>> flags({"gpu": 1, "mem_mb": 4000})
    '--gpus=1'
    """
    gpu, gres = resources.get("gpu", 0), resources.get("gres", "")
    return " ".join([f"--gpus={gpu}"] * bool(gpu) + [f"--gres={gres}"] * bool(gres))


def describe(jobs: Iterable[Ahead], execution: Where, tracking: Mapping[str, str]) -> list[str]:
    """The lines of the plan. tracking: the MLflow address of each campaign, by name."""
    jobs = [job for job in jobs if job.benchmark]  # rules such as `all` do nothing themselves
    if not jobs:
        return ["Nothing is to be done: all results are up to date."]
    jobs_by_rule = Counter(job.rule for job in jobs)
    rules_by_flags: dict[str, list[str]] = {}
    for job in jobs:
        if job.flags and job.rule not in rules_by_flags.setdefault(job.flags, []):
            rules_by_flags[job.flags].append(job.rule)
    gpus = "; ".join(f"{flag} for {', '.join(sorted(rules))}" for flag, rules in rules_by_flags.items())
    counts = ", ".join(f"{rule} {count}" for rule, count in jobs_by_rule.most_common())
    return [
        f"profile  {execution}",
        "GPUs     " + (gpus or "none are asked for"),
        "MLflow   " + ", ".join(sorted(set(tracking.values()))),
        f"jobs     {len(jobs)}: {counts}",
        f"cost     {cost([job for job in jobs if job.flags], 'GPU')}; {cost([job for job in jobs if not job.flags], 'core')}",
    ]


def cost(jobs: list[Ahead], unit: str) -> str:
    """The hours that jobs would take, in words. unit: what they occupy, "GPU" or "core"."""
    if not jobs:
        return f"no {unit} hours"
    measured = [expected(job) for job in jobs]
    hours = sum(job.seconds if seconds is None else seconds for job, seconds in zip(jobs, measured, strict=True)) / 3600
    counted = measured.count(None)
    sources = [f"{len(jobs) - counted} by the times of earlier runs"] * (counted < len(jobs))
    sources += [f"{counted} by counted operations"] * (counted > 0)
    return f"about {hours:.2g} {unit} hours for {len(jobs)} jobs, {' and '.join(sources)}"


def expected(job: Ahead) -> float | None:
    """Median seconds of earlier jobs of the same rule, campaign and denoiser, or else of all denoisers; None without such jobs."""
    times = earlier(Path(str(job.benchmark)).parent)
    same_denoiser = times.get(job.wildcards.get("denoiser", ""), [])
    comparable = same_denoiser or [seconds for denoiser_times in times.values() for seconds in denoiser_times]
    return statistics.median(comparable) if comparable else None


@cache
def earlier(folder: Path) -> dict[str, list[float]]:
    """The seconds of earlier jobs of a rule by denoiser, from the folder of its benchmark files."""
    times: dict[str, list[float]] = {}
    for path in sorted(folder.glob("*.tsv")):
        match = BENCHMARK.fullmatch(path.name)
        try:
            with path.open(encoding="utf-8", newline="") as file:
                seconds = [float(row["s"]) for row in csv.DictReader(file, delimiter="\t")]
        except (OSError, ValueError, KeyError):
            continue  # a file that was not written completely
        times.setdefault(match["denoiser"] if match else path.stem, []).extend(seconds)
    return times
