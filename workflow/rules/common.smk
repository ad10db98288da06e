# What all rules share: the campaigns that are run, with their runs, and the base rule `job`.

import gc
import inspect
import json
import os
import re
import shlex
import sys
from collections import defaultdict
from pathlib import Path

# Jobs use the Python that runs Snakemake, and the code of this checkout. Snakemake fills in what braces hold, so those are doubled.
PYTHONS = shlex.quote(str(Path(sys.executable).parent))
PYTHONS = PYTHONS.replace("{", "{{").replace("}", "}}")
shell.prefix(f"set -euo pipefail; export PATH={PYTHONS}:$PATH; ")
sys.path.insert(0, str(Path(workflow.basedir) / "workflow" / "scripts"))

from snakemake.cli import parse_args
from snakemake.iocontainers import Wildcards

from creativity import families
from creativity.campaign.layout import (
    FIGURES,
    figure_names,
    grouped,
    judged_along,
    keys_in,
    laws_of,
    samples_of,
    several_seeds,
    subset_name,
    subset_names,
)
from creativity.campaign.validation import deciding, plain
from creativity.errors import UserError
from creativity.families.control import CONTROLS
from creativity.planning import plan
from creativity.running import demand
from creativity.running.code_hash import code_hash
from creativity.running.plan import Ahead, describe, flags, where
from creativity.running.scheduler import wake_by_one_timer
from creativity.running.tracked import is_shown
from creativity.running.user import name_the_user

wake_by_one_timer()
name_the_user()
# Of the millions of objects of a plan nearly all stay: to look through them less often saves an eighth of the time, and no memory.
gc.set_threshold(200_000, 50, 100)

# Set by `make report` (tools/unfinished.py): summaries leave out the runs that it lists in .snakemake/missing/.
PARTIAL = "partial" in workflow.config_settings.config and config.pop("partial")

# The campaign files are read and checked here: a mistake ends Snakemake with one sentence, before any job starts.
CAMPAIGN_FILES = [Path(os.path.relpath(path)) for path in workflow.configfiles]
SOURCE = ", ".join(map(str, CAMPAIGN_FILES))
# The rates of a core, and of a GPU, from which the cost of jobs is estimated.
MACHINE = demand.machine(workflow.resource_settings.default_resources)
try:
    PLANNED, ESTIMATES, FINGERPRINTS = plan(config, CAMPAIGN_FILES, MACHINE)
except UserError as error:
    sys.exit(str(error))
CAMPAIGNS = {name: planned.campaign for name, planned in PLANNED.items()}

if workflow.is_main_process:  # not in each job on a cluster
    for planned in PLANNED.values():
        print(*planned.notes, sep="\n", end="\n" * bool(planned.notes), file=sys.stderr)

STUDY = config["campaign"] if "targets" in config else None
CONFIGURATIONS = {name: plain(campaign) for name, campaign in CAMPAIGNS.items()}
# The same with the values computed from them, from which the settings of jobs are taken.
DECIDING = {name: deciding(campaign) for name, campaign in CAMPAIGNS.items()}
TOGETHER = any(campaign.training.together for campaign in CAMPAIGNS.values())
COLOURS = families.colours()


def missing(campaign):
    """The file with the keys of the runs that summaries leave out, as a named input; {} where there is none."""
    path = f".snakemake/missing/{campaign}.json"
    return {"missing": path} if PARTIAL and Path(path).exists() else {}


def kept_runs(campaign):
    """The runs of a campaign by key, without those that summaries leave out."""
    left_out = keys_in(*missing(campaign).values())
    return {run.key: run for run in ESTIMATES.runs[campaign] if run.key not in left_out}


RUNS = {name: kept_runs(name) for name in CAMPAIGNS}
CAMPAIGNS = {name: campaign for name, campaign in CAMPAIGNS.items() if RUNS[name]}
if not CAMPAIGNS:
    sys.exit(f"{SOURCE}: no run is up to date yet, so there is nothing to report.")


def by(*attributes):
    """The runs of each campaign by these attributes: a job asks for a few of many thousand."""
    return {name: grouped(RUNS[name].values(), *attributes) for name in CAMPAIGNS}


BY_SUBSET = by("subset")
BY_DENOISER = by("denoiser")
TRAININGS = by("subset", "denoiser")


def tracking_uri(campaign):
    """The address of the campaign's MLflow server or store; None: results/mlflow/mlflow.db."""
    return CAMPAIGNS[campaign].tracking.uri or os.environ.get("MLFLOW_TRACKING_URI")


for name, campaign in CAMPAIGNS.items():
    if campaign.tracking.live and not str(tracking_uri(name)).startswith("http"):
        sys.exit(
            f"{SOURCE}: tracking.live: found true, and {tracking_uri(name) or 'results/mlflow/mlflow.db'} as store;"
            " allowed: false, or tracking.uri an MLflow server (http://...)."
        )

# Where the MLflow store, or a campaign in it, was deleted, the marker that it is there is deleted too, so that tracking runs again.
for name in CAMPAIGNS if workflow.is_main_process else ():
    marker = Path("results/mlflow", f"{name}.tracked")
    if tracking_uri(name) is None and marker.exists():
        if not is_shown(Path("results/mlflow/mlflow.db"), name):
            marker.unlink()


def plan_lines():
    """The lines of the plan, printed before the first job; none for `--touch`, which runs no job."""
    args = parse_args(sys.argv[1:])[1]
    if args.touch:
        return []
    jobs = [
        Ahead(
            job.rule.name,
            job.wildcards_dict,
            str(job.benchmark) if job.benchmark else None,
            flags(job.resources),
            (
                ESTIMATES.of(job.rule.name, job.wildcards_dict).seconds
                if job.benchmark
                else 0
            ),
        )
        for job in workflow.dag.needrun_jobs()
    ]
    store = "results/mlflow/mlflow.db"
    addresses = {name: tracking_uri(name) or store for name in CAMPAIGNS}
    return describe(jobs, where(args), addresses)


def alternatives(names):
    """A regular expression that matches exactly these names."""
    return "|".join(sorted(map(re.escape, names))) or "(?!)"


wildcard_constraints:
    campaign=alternatives(CAMPAIGNS),
    study=alternatives([STUDY] if STUDY else []),
    subset=r"n\d+-s\d+",
    denoiser="[^/]+",
    seed=r"\d+",
    n=r"\d+",


def as_json(**settings):
    """Settings as JSON with sorted keys, so that equal settings are equal texts, and one text for all jobs that have them."""
    return sys.intern(json.dumps(settings, sort_keys=True))


def options(values):
    """Files, lists of files and numbers, by name, as options of a command line."""
    arguments = []
    for name, value in values.items():
        items = value if isinstance(value, list) else [value]
        arguments += [
            f"--{name.replace('_', '-')}",
            *(shlex.quote(str(item)) for item in items),
        ]
    return " ".join(arguments)


def machine(wildcards, threads, resources):
    """The options that change no result: threads, and device, batch size and so on where the rule sets them as resources."""
    values = {
        name: resources.get(name) for name in ("device", "batch_size", "places", "live")
    }
    return options(
        {"threads": threads} | {k: v for k, v in values.items() if v is not None}
    )


def with_signature(function):
    """A function that is not asked for its parameters anew each time that Snakemake wants to know them."""
    function.__signature__ = inspect.signature(function)
    return function


def campaign_of(wildcards):
    return CAMPAIGNS[wildcards.campaign]


def missing_of(wildcards):
    return missing(wildcards.campaign)


def section(wildcards, name, *without):
    """A section of the campaign's configuration without the keys `without`, which decide no result."""
    keys = DECIDING[wildcards.campaign][name]
    return {key: value for key, value in keys.items() if key not in without}


def alone(wildcards):
    """Whether the wildcards name one run, rather than all runs of a denoiser and a size, which are trained together."""
    return "seed" in wildcards.keys()


def run_of(wildcards):
    """The run that the wildcards name; of runs that are trained together, and of all runs of a denoiser, the first."""
    if alone(wildcards):
        subset, seed = wildcards.subset, wildcards.seed
    elif "n" not in wildcards.keys():
        return BY_DENOISER[wildcards.campaign][wildcards.denoiser][0]
    else:
        campaign = campaign_of(wildcards)
        subset, seed = f"n{wildcards.n}-s{campaign.subsets.seeds[0]}", campaign.seeds[0]
    return RUNS[wildcards.campaign][f"{subset}/{wildcards.denoiser}/seed{seed}"]


def trained_together(wildcards):
    """The runs that are trained in one job, by seed of the subset and then of training, as `of_all_seeds` orders them."""
    campaign = campaign_of(wildcards)
    return [
        RUNS[wildcards.campaign][
            f"{subset_name(wildcards.n, subset)}/{wildcards.denoiser}/seed{seed}"
        ]
        for subset in campaign.subsets.seeds
        for seed in campaign.seeds
    ]


def controls_of(wildcards):
    """The runs of a subset's controls, as `of_all_controls` orders them."""
    of_campaign = RUNS[wildcards.campaign]
    return [of_campaign[f"{wildcards.subset}/{name}/seed0"] for name in CONTROLS]
