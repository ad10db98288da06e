"""Says in words which jobs Snakemake would run, and why. Takes Snakemake's own options."""

import logging
import sys

from snakemake.cli import main as snakemake
from snakemake.logging import logger

from creativity.why import Planned, explain


def main() -> None:
    jobs: list[Planned] = []

    def collect(record: logging.LogRecord) -> bool:
        """Takes note of a planned job; lets only errors pass to the screen."""
        if hasattr(record, "rule_msg"):
            jobs.append(Planned(record.rule_name, record.rule_msg, record.reason, record.output))  # type: ignore[attr-defined]
        return record.levelno >= logging.ERROR

    logger.addFilter(collect)
    try:
        snakemake([*sys.argv[1:], "--dry-run"])
    except SystemExit as end:
        if end.code:
            raise
    print(*explain(jobs), sep="\n")


if __name__ == "__main__":
    main()
