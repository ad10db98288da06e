"""Prints which jobs of the workflow would run, and why (`make why`). Takes Snakemake's own options."""

import logging
import sys
from collections.abc import Sequence
from typing import Any

from snakemake.cli import main as snakemake
from snakemake.logging import logger

from campaign_files import check_files
from creativity.running.why import Planned, reasons


def planned_jobs(options: Sequence[str]) -> list[Planned]:
    """The jobs that would run, with Snakemake's reasons."""
    names = ("rule_name", "wildcards", "rule_msg", "reason", "output")
    return [Planned(*(facts[name] for name in names)) for facts in dry_run(options)]


def dry_run(options: Sequence[str]) -> list[dict[str, Any]]:
    """What Snakemake logs of each job of a dry run. Of its messages only errors are printed.

    Raises SystemExit where the dry run fails, for instance by a mistake in the campaign file.
    """
    check_files(options)
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
    print(*reasons(planned_jobs(sys.argv[1:])), sep="\n")
