import json
import os
import re
import sys
from pathlib import Path

# Jobs run the interpreter that runs Snakemake, and the checkout's own code.
shell.prefix(
    f"set -euo pipefail; export PATH={str(Path(sys.executable).parent)!r}:$PATH; "
)
sys.path.insert(0, str(Path(workflow.basedir) / "workflow" / "scripts"))

from snakemake.cli import parse_args

from creativity import data, demand, laws
from creativity.codehash import code_hash
from creativity.config import ImpossibleError
from creativity.errors import UserError
from creativity.layout import FIGURES, figure_names, keys_in, runs
from creativity.plan import Ahead, describe, flags, where
from creativity.validate import plain, read, resolve_all

# `make report`: summaries without the runs that are not up to date. Which these are was found out before, and written down.
PARTIAL = "partial" in workflow.config_settings.config and config.pop("partial")

# What the user wrote, checked: a mistake ends here, in one sentence, before any job.
SOURCES = [Path(os.path.relpath(path)) for path in workflow.configfiles]
SOURCE = ", ".join(map(str, SOURCES))
try:
    for path in SOURCES:
        read(path)
    CAMPAIGNS = resolve_all(config, SOURCE)
    for campaign in CAMPAIGNS.values():
        data.check(campaign)
    IMAGES = {name: data.fingerprint(each.dataset) for name, each in CAMPAIGNS.items()}
    GIVEN = {name: data.external_fingerprints(each) for name, each in CAMPAIGNS.items()}
except ImpossibleError as error:
    sys.exit(f"{SOURCE}: {error}.")
except UserError as error:
    sys.exit(str(error))

STUDY = config["campaign"] if "targets" in config else None
SETTINGS = {name: plain(campaign) for name, campaign in CAMPAIGNS.items()}
TOGETHER = any(each.training.together for each in CAMPAIGNS.values())


def missing(campaign):
    """The file with the keys of the runs that are left out, where there are any."""
    path = f".snakemake/missing/{campaign}.json"
    return {"missing": path} if PARTIAL and Path(path).exists() else {}


RUNS = {
    name: {
        run.key: run
        for run in runs(campaign)
        if run.key not in keys_in(*missing(name).values())
    }
    for name, campaign in CAMPAIGNS.items()
}
CAMPAIGNS = {name: campaign for name, campaign in CAMPAIGNS.items() if RUNS[name]}
if not CAMPAIGNS:
    sys.exit(f"{SOURCE}: no run is up to date yet, so there is nothing to report.")


def tracking_uri(campaign):
    """The address of an MLflow server or store; None: the one in results/."""
    return CAMPAIGNS[campaign].tracking.uri or os.environ.get("MLFLOW_TRACKING_URI")


for name, each in CAMPAIGNS.items():
    if each.tracking.live and not str(tracking_uri(name)).startswith("http"):
        sys.exit(
            f"{SOURCE}: tracking.live: found true, and {tracking_uri(name) or 'results/mlflow/mlflow.db'} as store;"
            " allowed: false, or tracking.uri an MLflow server (http://...)."
        )

# A marker of tracking whose store was deleted says nothing: without it the store is built again.
for name in CAMPAIGNS:
    if tracking_uri(name) is None and not Path("results/mlflow/mlflow.db").exists():
        Path("results/mlflow", f"{name}.tracked").unlink(missing_ok=True)


def plan():
    """What is about to run, in some lines; nothing runs where files are only touched."""
    args = parse_args(sys.argv[1:])[1]
    if args.touch:
        return []
    jobs = [
        Ahead(
            job.rule.name,
            job.wildcards_dict,
            str(job.benchmark) if job.benchmark else None,
            flags(job.resources),
        )
        for job in workflow.dag.needrun_jobs()
    ]
    store = "results/mlflow/mlflow.db"
    addresses = {name: tracking_uri(name) or store for name in CAMPAIGNS}
    return describe(jobs, where(args), addresses)


def alternatives(names):
    """A pattern that matches these names alone."""
    return "|".join(sorted(map(re.escape, names))) or "(?!)"


wildcard_constraints:
    campaign=alternatives(CAMPAIGNS),
    study=alternatives([STUDY] if STUDY else []),
    subset=r"n\d+-s\d+",
    denoiser="[^/]+",
    seed=r"\d+",
    n=r"\d+",


def as_json(**settings):
    """Settings as one word of a command, the same for the same content."""
    return json.dumps(settings, sort_keys=True)


def campaign_of(wildcards):
    return CAMPAIGNS[wildcards.campaign]


def section(wildcards, name, *without):
    """A section of the wildcard's campaign, without the keys that decide no result."""
    settings = SETTINGS[wildcards.campaign][name]
    return {key: value for key, value in settings.items() if key not in without}


def alone(wildcards):
    """Whether they name one run, rather than all of a size that are trained together."""
    return "seed" in wildcards.keys()


def run_of(wildcards):
    """The wildcards' run; of several that are trained together the first."""
    if alone(wildcards):
        subset, seed = wildcards.subset, wildcards.seed
    else:
        campaign = campaign_of(wildcards)
        subset, seed = f"n{wildcards.n}-s{campaign.subsets.seeds[0]}", campaign.seeds[0]
    return RUNS[wildcards.campaign][f"{subset}/{wildcards.denoiser}/seed{seed}"]
