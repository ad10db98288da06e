"""Runs the part of the workflow that summarises an unfinished campaign: tables, figures and page (`make report`).

The runs that are missing or not up to date are named and left out. Takes Snakemake's own options.
"""

import json
import os
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from creativity.running.why import Planned
from why import planned_jobs

MISSING = Path(".snakemake/missing")
# The rules that read all runs of a campaign or study; the others make files of a single run or subset.
SUMMARIES = [
    "resolve",
    "settings",
    "summarise",
    "phase",
    "times",
    "check",
    "disguises",
    "copied",
    "judges",
    "pairs",
    "explain_seeds",
    "explained",
    "claims",
    "plot",
    "plot_phase",
    "plot_times",
    "plot_claims",
    "report",
    "track",
]
SUMMARIES += ["align", "plot_study", "study", "all"]
SHOWN = 10
OF_RUN = re.compile(r"results/(?P<campaign>[^/]+)/runs/(?P<key>[^/]+/[^/]+/seed\d+)/[^/]+")  # a file of one run


def main() -> None:
    options = sys.argv[1:]
    missing = missing_runs(planned_jobs(options))
    shutil.rmtree(MISSING, ignore_errors=True)
    if missing:
        MISSING.mkdir(parents=True)
        options += ["--config", "partial=true", "--allowed-rules", *SUMMARIES]
    for campaign, keys in missing.items():
        (MISSING / f"{campaign}.json").write_text(json.dumps(keys, indent=1))
        more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
        first_keys = ", ".join(keys[:SHOWN]) + more
        print(f"{campaign}: without {len(keys)} of its runs, missing or not up to date: {first_keys}.", file=sys.stderr)
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "snakemake", *options])


def missing_runs(jobs: Iterable[Planned]) -> dict[str, list[str]]:
    """The keys of the runs of which a job would still run, by campaign."""
    keys_of_campaign = defaultdict(set)
    for path in (path for job in jobs for path in job.outputs):
        if match := OF_RUN.fullmatch(path):
            keys_of_campaign[match["campaign"]].add(match["key"])
    return {campaign: sorted(keys) for campaign, keys in keys_of_campaign.items()}


if __name__ == "__main__":
    main()
