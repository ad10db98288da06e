"""Runs one job: `run.py RULE --campaign NAME --code HASH --settings JSON --<file> PATH ...`.

The rules call it; `run.py RULE --help` lists the files that a rule's job takes, so that any job can be run by hand. With
`run.py RULE_together` and `run.py RULE_controls` each file is a list, one for each of several runs, for which the job is done
one after the other; what several runs in a row share, such as their training images, stands there once.
"""

import gc
import sys
from importlib import import_module
from pathlib import Path

from creativity.running import job

JOBS = Path(__file__).parent / "jobs"


def main(arguments: list[str]) -> None:
    names = sorted(path.stem for path in JOBS.glob("*.py") if path.stem != "__init__")
    rule, *rest = arguments or ["no rule"]
    name = rule if rule in names else job.of_one_run(rule)
    if name not in names:
        sys.exit(f"run.py: found {rule}; allowed: {', '.join(names)}.")
    gc.disable()  # nearly all that is imported stays: to look for what does not is a fifth of the time
    function = getattr(import_module(f"jobs.{name}"), name)
    gc.freeze()
    gc.enable()
    job.run(function, rest, name != rule)


if __name__ == "__main__":
    main(sys.argv[1:])
