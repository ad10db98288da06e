"""What a run of the workflow is about to do, in a few lines: where, which jobs, and at what cost."""

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
    """A job that will run: its rule and wildcards, the file that its time will be written to, and the devices it asks for.

    flags: as Slurm is asked for them; "" for a job that wants none.
    """

    rule: str
    wildcards: Mapping[str, str]
    benchmark: str | None
    flags: str


class Where(NamedTuple):
    """What the options of a call resolve to."""

    profile: str
    executor: str
    limit: str
    status: str | None

    def __str__(self) -> str:
        asked = f", status by {self.status}" if self.status else ""
        return f"{self.profile} (executor {self.executor}, at most {self.limit} at once{asked})"


def where(args: Any) -> Where:
    """From the options as Snakemake reads them, those of the profile among them."""
    executor = args.executor or "local"
    limit = f"{args.jobs} jobs" if args.jobs else f"{args.cores or 'all'} cores"
    status = None
    if executor == "slurm":
        given = getattr(args, "slurm_status_command", None)
        status = given if isinstance(given, str) else "sacct, which needs slurmdbd"
    return Where(", ".join(args.profile or ["no profile"]), executor, limit, status)


def flags(resources: Any) -> str:
    """How Slurm is asked for the devices of a job."""
    gpu, gres = resources.get("gpu", 0), resources.get("gres", "")
    return " ".join([f"--gpus={gpu}"] * bool(gpu) + [f"--gres={gres}"] * bool(gres))


def describe(jobs: Iterable[Ahead], place: Where, tracking: Mapping[str, str]) -> list[str]:
    """The lines of the plan. tracking: the MLflow address of each campaign."""
    jobs = [job for job in jobs if job.benchmark]  # targets such as `all` do nothing themselves
    if not jobs:
        return ["Nothing is to be done: all results are up to date."]
    rules = Counter(job.rule for job in jobs)
    asked: dict[str, list[str]] = {}
    for job in jobs:
        if job.flags and job.rule not in asked.setdefault(job.flags, []):
            asked[job.flags].append(job.rule)
    numbers = ", ".join(f"{rule} {number}" for rule, number in rules.most_common())
    return [
        f"profile  {place}",
        "GPUs     " + ("; ".join(f"{flag} for {', '.join(sorted(of))}" for flag, of in asked.items()) or "none are asked for"),
        "MLflow   " + ", ".join(sorted(set(tracking.values()))),
        f"jobs     {len(jobs)}: {numbers}",
        f"cost     {cost([job for job in jobs if job.flags], 'device')}; {cost([job for job in jobs if not job.flags], 'core')}",
    ]


def cost(jobs: list[Ahead], unit: str) -> str:
    """Hours from the times of earlier runs, of which those of the same rule, campaign and, where there are any, denoiser count."""
    if not jobs:
        return f"no {unit} hours"
    known = [seconds for job in jobs if (seconds := expected(job)) is not None]
    if not known:
        return f"{unit} hours of {len(jobs)} jobs unknown: nothing like them has run yet"
    unknown = f", not counting {len(jobs) - len(known)} jobs of which nothing is known" if len(known) < len(jobs) else ""
    return f"about {sum(known) / 3600:.2g} {unit} hours for {len(known)} jobs by the times of earlier runs{unknown}"


def expected(job: Ahead) -> float | None:
    """Seconds of a job: the median of its like; None where nothing like it has run."""
    times = earlier(Path(str(job.benchmark)).parent)
    mine = times.get(job.wildcards.get("denoiser", ""), [])
    found = mine or [seconds for each in times.values() for seconds in each]
    return statistics.median(found) if found else None


@cache
def earlier(folder: Path) -> dict[str, list[float]]:
    """Seconds of the benchmark files of a rule by denoiser."""
    times: dict[str, list[float]] = {}
    for path in sorted(folder.glob("*.tsv")):
        matched = BENCHMARK.fullmatch(path.name)
        try:
            with path.open(encoding="utf-8", newline="") as file:
                seconds = [float(row["s"]) for row in csv.DictReader(file, delimiter="\t")]
        except (OSError, ValueError, KeyError):
            continue  # not written to its end
        times.setdefault(matched["denoiser"] if matched else path.stem, []).extend(seconds)
    return times
