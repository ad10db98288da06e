"""Draws up the summaries of an unfinished campaign, without the runs that are not up to date, which it names.

Takes Snakemake's own options.
"""

import json
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from creativity.running.why import Planned
from why import plan

MISSING = Path(".snakemake/missing")
SUMMARIES = ["resolve", "settings", "summarise", "phase", "check", "pairs", "claims", "plot", "plot_phase", "report", "track"]
SUMMARIES += ["align", "plot_study", "all"]
SHOWN = 10


def main() -> None:
    options = sys.argv[1:]
    missing = missing_runs(plan(options))
    shutil.rmtree(MISSING, ignore_errors=True)
    if missing:
        MISSING.mkdir(parents=True)
        options += ["--config", "partial=true", "--allowed-rules", *SUMMARIES]
    for campaign, keys in missing.items():
        (MISSING / f"{campaign}.json").write_text(json.dumps(keys, indent=1))
        more = f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else ""
        named = ", ".join(keys[:SHOWN]) + more
        print(f"{campaign}: without {len(keys)} of its runs, missing or not up to date: {named}.", file=sys.stderr)
    sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, "-m", "snakemake", *options])


def missing_runs(jobs: Iterable[Planned]) -> dict[str, list[str]]:
    """The keys of the runs, by campaign, of which something would still run."""
    found = defaultdict(set)
    for job in jobs:
        if {"denoiser", "seed"} <= set(job.wildcards):
            found[job.wildcards["campaign"]].add("{subset}/{denoiser}/seed{seed}".format(**job.wildcards))
    return {campaign: sorted(keys) for campaign, keys in found.items()}


if __name__ == "__main__":
    main()
