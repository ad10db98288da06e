"""Says in words which jobs Snakemake would run, and why. Takes Snakemake's own options."""

import logging
import sys
from collections.abc import Sequence

from snakemake.cli import main as snakemake
from snakemake.logging import logger

from creativity.why import Planned, explain


def plan(options: Sequence[str]) -> list[Planned]:
    """The jobs of a dry run. Only errors pass to the screen."""
    jobs: list[Planned] = []

    def collect(record: logging.LogRecord) -> bool:
        if hasattr(record, "rule_msg"):
            facts = vars(record)
            names = ("rule_name", "wildcards", "rule_msg", "reason", "output")
            jobs.append(Planned(*(facts[name] for name in names)))
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
