import json
import os
import re
import shlex
import sys
from pathlib import Path

# Jobs run the interpreter that runs Snakemake, and the checkout's own code.
shell.prefix(
    f"set -euo pipefail; export PATH={str(Path(sys.executable).parent)!r}:$PATH; "
)
sys.path.insert(0, str(Path(workflow.basedir) / "workflow" / "scripts"))

from snakemake.cli import parse_args

from creativity import data, families
from creativity.campaign.layout import FIGURES, figure_names, keys_in, laws_of, runs
from creativity.campaign.validation import deciding, plain, read, resolve_all
from creativity.errors import UserError
from creativity.fields import ImpossibleError
from creativity.running import demand
from creativity.running.code_hash import code_hash
from creativity.running.plan import Ahead, describe, flags, where

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
    IMAGES = {
        name: data.fingerprint(campaign.dataset) for name, campaign in CAMPAIGNS.items()
    }
    GIVEN = {
        name: data.external_fingerprints(campaign)
        for name, campaign in CAMPAIGNS.items()
    }
except ImpossibleError as error:
    sys.exit(f"{SOURCE}: {error}.")
except UserError as error:
    sys.exit(str(error))

STUDY = config["campaign"] if "targets" in config else None
SETTINGS = {name: plain(campaign) for name, campaign in CAMPAIGNS.items()}
DECIDING = {name: deciding(campaign) for name, campaign in CAMPAIGNS.items()}
TOGETHER = any(campaign.training.together for campaign in CAMPAIGNS.values())


COLOURS = families.colours()


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


for name, campaign in CAMPAIGNS.items():
    if campaign.tracking.live and not str(tracking_uri(name)).startswith("http"):
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


def options(values):
    """Named files, lists of files and numbers as options of a command."""
    words = []
    for name, value in values.items():
        several = value if isinstance(value, list) else [value]
        words += [
            f"--{name.replace('_', '-')}",
            *(shlex.quote(str(x)) for x in several),
        ]
    return " ".join(words)


def machine(wildcards, threads, resources):
    """What a job computes with and on, which changes no result."""
    known = {
        name: resources.get(name) for name in ("device", "batch_size", "path", "live")
    }
    return options(
        {"threads": threads} | {k: v for k, v in known.items() if v is not None}
    )


pathvars:
    owner="{campaign}",
    job="job",


# What all rules share: `run.py` calls the job of the rule's name with its named files. Nothing asks for this rule itself.
rule job:
    output:
        "results/{campaign}/<job>",
    log:
        "results/<owner>/logs/<job>.log",
    benchmark:
        "results/<owner>/benchmarks/<job>.tsv"
    params:
        settings=as_json(),
        files=lambda wildcards, input, output: options({**input, **output}),
        machine=machine,
    shell:
        "exec python workflow/scripts/run.py {rule} --campaign {wildcards[0]} --code {params.code}"
        " --settings {params.settings:q} {params.machine} {params.files} 2> {log}"


def campaign_of(wildcards):
    return CAMPAIGNS[wildcards.campaign]


def missing_of(wildcards):
    return missing(wildcards.campaign)


def section(wildcards, name, *without):
    """A section of the wildcard's campaign, without the keys that decide no result."""
    settings = DECIDING[wildcards.campaign][name]
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
