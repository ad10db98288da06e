"""Prints the plan: which jobs of the workflow would run, where, and at what cost (`make plan`). Takes Snakemake's own options."""

import os
import sys
from pathlib import Path
from typing import Any

from snakemake.cli import parse_args

from creativity import data
from creativity.campaign.validation import read, resolve_all
from creativity.running.demand import Estimates, machine
from creativity.running.plan import Ahead, describe, flags, where
from why import dry_run


def main() -> None:
    options = sys.argv[1:]
    facts_of_jobs = dry_run(options)  # ends with one sentence where the campaign file has a mistake
    args = parse_args(options)[1]
    campaign_files = args.configfile or [Path("config/config.yaml")]
    campaigns = {
        name: data.planned(campaign, str(path)).campaign  # with the numbers of images that there are
        for path in campaign_files
        for name, campaign in resolve_all(read(path), str(path)).items()
    }
    estimates = Estimates(campaigns, machine(args.default_resources))
    store = os.environ.get("MLFLOW_TRACKING_URI") or "results/mlflow/mlflow.db"
    addresses = {name: campaign.tracking.uri or store for name, campaign in campaigns.items()}
    print(*describe([ahead(facts, estimates) for facts in facts_of_jobs], where(args), addresses), sep="\n")


def ahead(facts: dict[str, Any], estimates: Estimates) -> Ahead:
    """A job of the plan, from what the dry run says of it."""
    rule, wildcards, benchmark = facts["rule_name"], facts["wildcards"], facts["benchmark"]
    seconds = estimates.of(rule, wildcards).seconds if benchmark else 0.0
    return Ahead(rule, wildcards, benchmark, flags(facts["resources"]), seconds)


if __name__ == "__main__":
    main()
