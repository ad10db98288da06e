"""Prints the plan: which jobs of the workflow would run, where, and at what cost (`make plan`). Takes Snakemake's own options."""

import os
import sys
from pathlib import Path
from typing import Any

from snakemake.cli import parse_args

from campaign_files import measure_rates
from creativity import data
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import read, resolve_all
from creativity.running.demand import Estimates, machine
from creativity.running.plan import Ahead, describe, flags, where
from why import dry_run


def main() -> None:
    options = sys.argv[1:]
    jobs, campaigns = ahead_of(options)
    store = os.environ.get("MLFLOW_TRACKING_URI") or "results/mlflow/mlflow.db"
    addresses = {name: campaign.tracking.uri or store for name, campaign in campaigns.items()}
    print(*describe(jobs, where(parse_args(options)[1]), addresses), sep="\n")


def ahead_of(options: list[str]) -> tuple[list[Ahead], dict[str, Campaign]]:
    """The jobs that would run, and the campaigns. Raises SystemExit, with one sentence, where the campaign file has a mistake."""
    facts_of_jobs = dry_run(options)
    measure_rates()
    args = parse_args(options)[1]
    campaigns = campaigns_of(args)
    estimates = Estimates(campaigns, machine(args.default_resources))
    return [ahead(facts, estimates) for facts in facts_of_jobs], campaigns


def campaigns_of(args: Any) -> dict[str, Campaign]:
    """The campaigns of Snakemake's options by name, with numbers where as many images as there are were asked for."""
    campaigns = {}
    for path in args.configfile or [Path("config/config.yaml")]:
        for name, campaign in resolve_all(read(path), str(path)).items():
            campaigns[name] = data.planned(campaign, str(path)).campaign
    return campaigns


def ahead(facts: dict[str, Any], estimates: Estimates) -> Ahead:
    """A job of the plan, from what the dry run says of it."""
    rule, wildcards, benchmark = facts["rule_name"], facts["wildcards"], facts["benchmark"]
    seconds = estimates.of(rule, wildcards).seconds if benchmark else 0.0
    return Ahead(rule, wildcards, benchmark, flags(facts["resources"]), seconds)


if __name__ == "__main__":
    main()
