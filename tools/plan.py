"""Prints the plan: which jobs of the workflow would run, where, and at what cost (`make plan`). Takes Snakemake's own options."""

import os
import sys
from pathlib import Path

from snakemake.cli import parse_args

from creativity.campaign.validation import read, resolve_all
from creativity.running.plan import Ahead, describe, flags, where
from why import dry_run


def main() -> None:
    options = sys.argv[1:]
    facts_of_jobs = dry_run(options)  # ends with one sentence where the campaign file has a mistake
    jobs = [Ahead(facts["rule_name"], facts["wildcards"], facts["benchmark"], flags(facts["resources"])) for facts in facts_of_jobs]
    args = parse_args(options)[1]
    campaign_files = args.configfile or [Path("config/config.yaml")]
    campaigns = {name: campaign for path in campaign_files for name, campaign in resolve_all(read(path), str(path)).items()}
    store = os.environ.get("MLFLOW_TRACKING_URI") or "results/mlflow/mlflow.db"
    addresses = {name: campaign.tracking.uri or store for name, campaign in campaigns.items()}
    print(*describe(jobs, where(args), addresses), sep="\n")


if __name__ == "__main__":
    main()
