"""Runs Snakemake on campaign files that can be read (`make demo`). Takes Snakemake's own options.

Snakemake reads them before its Snakefile can say anything, and names neither file nor line of a mistake in YAML.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from snakemake.cli import parse_args

from creativity.campaign.validation import read
from creativity.errors import UserError
from creativity.running.demand.rates import RATES


def check_files(options: Sequence[str]) -> None:
    """Raises SystemExit, with one sentence, where a campaign file among Snakemake's options cannot be read."""
    try:
        for path in parse_args(list(options))[1].configfile or []:
            read(path)
    except UserError as error:
        sys.exit(str(error))


def measure_rates() -> None:
    """Measures what this machine does in a second, where that was not done before: in a process of its own, which imports torch."""
    if not RATES.exists():
        print("Measuring what a core of this machine does in a second, once, for estimates of what jobs cost.", file=sys.stderr)
        subprocess.run([sys.executable, Path(__file__).with_name("rates.py")], stdout=sys.stderr, check=False)


def main() -> None:
    options = sys.argv[1:]
    check_files(options)
    measure_rates()
    os.execv(sys.executable, [sys.executable, "-m", "snakemake", *options])


if __name__ == "__main__":
    main()
