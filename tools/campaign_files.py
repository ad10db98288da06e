"""Runs Snakemake on campaign files that can be read (`make demo`). Takes Snakemake's own options.

Snakemake reads them before its Snakefile can say anything, and names neither file nor line of a mistake in YAML.
"""

import os
import sys
from collections.abc import Sequence

from snakemake.cli import parse_args

from creativity.campaign.validation import read
from creativity.errors import UserError


def check_files(options: Sequence[str]) -> None:
    """Raises SystemExit, with one sentence, where a campaign file among Snakemake's options cannot be read."""
    try:
        for path in parse_args(list(options))[1].configfile or []:
            read(path)
    except UserError as error:
        sys.exit(str(error))


def main() -> None:
    options = sys.argv[1:]
    check_files(options)
    os.execv(sys.executable, [sys.executable, "-m", "snakemake", *options])


if __name__ == "__main__":
    main()
