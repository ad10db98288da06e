"""Says in words which jobs Snakemake would run, and why. Takes Snakemake's own options."""

import logging
import sys
from collections.abc import Sequence
from typing import Any

from snakemake.cli import main as snakemake
from snakemake.logging import logger

from creativity.running.why import Planned, explain


def plan(options: Sequence[str]) -> list[Planned]:
    names = ("rule_name", "wildcards", "rule_msg", "reason", "output")
    return [Planned(*(facts[name] for name in names)) for facts in dry_run(options)]


def dry_run(options: Sequence[str]) -> list[dict[str, Any]]:
    """What Snakemake says of each job of a dry run. Only errors pass to the screen."""
    jobs: list[dict[str, Any]] = []

    def collect(record: logging.LogRecord) -> bool:
        if hasattr(record, "rule_msg"):
            jobs.append(vars(record))
        return record.levelno >= logging.ERROR

    logger.addFilter(collect)
    try:
        snakemake([*options, "--dry-run"])
    except SystemExit as end:
        if end.code:
            raise
    finally:
        logger.removeFilter(collect)
    return jobs


if __name__ == "__main__":
    print(*explain(plan(sys.argv[1:])), sep="\n")
