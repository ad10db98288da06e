"""Says in a few lines what a run of the workflow would do, and what it would cost. Takes Snakemake's own options."""

import os
import sys
from pathlib import Path

from snakemake.cli import parse_args

from creativity.campaign.validation import read, resolve_all
from creativity.running.plan import Ahead, describe, flags, where
from why import dry_run


def main() -> None:
    options = sys.argv[1:]
    facts = dry_run(options)  # which also ends where the campaign has a mistake
    jobs = [Ahead(each["rule_name"], each["wildcards"], each["benchmark"], flags(each["resources"])) for each in facts]
    args = parse_args(options)[1]
    sources = args.configfile or [Path("config/config.yaml")]
    found = {name: campaign for path in sources for name, campaign in resolve_all(read(path), str(path)).items()}
    store = os.environ.get("MLFLOW_TRACKING_URI") or "results/mlflow/mlflow.db"
    print(*describe(jobs, where(args), {name: each.tracking.uri or store for name, each in found.items()}), sep="\n")


if __name__ == "__main__":
    main()
