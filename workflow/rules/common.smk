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


def as_json(**settings):
    """Settings as one word of a command, the same for the same content."""
    return json.dumps(settings, sort_keys=True)


def campaign_of(wildcards):
    return CAMPAIGNS[wildcards.campaign]


def section(wildcards, name, *without):
    """A section of the wildcard's campaign, without the keys that decide no result."""
    settings = SETTINGS[wildcards.campaign][name]
    return {key: value for key, value in settings.items() if key not in without}


def sampling(wildcards):
    return section(wildcards, "sampling", "batch_size")


def training(wildcards):
    """The settings of training; null where nothing is trained."""
    trained = run_of(wildcards).kind == "trained"
    return section(wildcards, "training", "device") if trained else None


def decisive(wildcards):
    """All settings that decide results. What is gathered from many runs depends on these, not on config.yaml."""
    settings = SETTINGS[wildcards.campaign]
    narrow = {"sampling": sampling(wildcards)}
    narrow["training"] = section(wildcards, "training", "device")
    kept = {key: value for key, value in settings.items() if key != "tracking"}
    return as_json(**kept | narrow)


def run_of(wildcards):
    key = f"{wildcards.subset}/{wildcards.denoiser}/seed{wildcards.seed}"
    return RUNS[wildcards.campaign][key]


def module_of(package, name):
    return f"creativity.{package}.{name.replace('-', '_')}"


def code(script, family=False, dataset=False):
    """The hash of what a rule runs, with the file of the wildcard's family or of the data set."""

    def found(wildcards):
        modules = []
        if family:
            modules.append(module_of("denoisers", run_of(wildcards).family))
        if dataset:
            modules.append(module_of("data", campaign_of(wildcards).dataset.name))
        return code_hash(script, modules)

    return found


def on_gpu(wildcards):
    """Trained denoisers ask for one GPU, unless the campaign is bound to the CPU."""
    trained = run_of(wildcards).kind == "trained"
    return int(trained and campaign_of(wildcards).training.device != "cpu")


def memory(of):
    """Megabytes that one of the estimates in creativity/demand.py asks for, more with each attempt."""
    return lambda wildcards, attempt: (
        attempt * of(campaign_of(wildcards), run_of(wildcards)).mem_mb
    )


def runtime(of):
    """Minutes, likewise."""
    return lambda wildcards, attempt: (
        attempt * of(campaign_of(wildcards), run_of(wildcards)).minutes
    )


def gathering_memory(wildcards, attempt):
    runs = len(RUNS[wildcards.campaign])
    return attempt * demand.of_gathering(campaign_of(wildcards), runs).mem_mb


def device(wildcards):
    return campaign_of(wildcards).training.device


def batch_size(wildcards):
    return campaign_of(wildcards).sampling.batch_size


def denoiser_names(*kinds):
    every = [run for campaign in RUNS.values() for run in campaign.values()]
    return alternatives({run.denoiser for run in every if run.kind in kinds})


def calibrated_names():
    every = [run for campaign in RUNS.values() for run in campaign.values()]
    return alternatives({run.denoiser for run in every if is_calibrated(run)})


def every_run(name, *kinds):
    """A file of every run of these kinds, or of all, of the wildcards' campaign, and subset where there is one."""

    def found(wildcards):
        root = Path("results", wildcards.campaign)
        return [
            str(run.file(root, name))
            for run in RUNS[wildcards.campaign].values()
            if not kinds or run.kind in kinds
            if wildcards.get("subset", run.subset) == run.subset
        ]

    return found


def of_all_campaigns(name):
    """A file of every run of a study."""
    return [
        str(run.file(Path("results", campaign), name))
        for campaign, every in RUNS.items()
        for run in every.values()
    ]


def every_law(wildcards):
    """What laws say of the runs that have one."""
    root = Path("results", wildcards.campaign)
    found = RUNS[wildcards.campaign].values()
    return [
        str(run.file(root, "law.parquet")) for run in found if laws.names(run.config)
    ]


def closed_forms(wildcards):
    """The closed forms of the wildcard's campaign by name, which are to explain a network; not those fitted to one."""
    if run_of(wildcards).kind != "trained":
        return {}
    found = RUNS[wildcards.campaign].values()
    return {
        run.denoiser: run.config
        for run in found
        if run.kind == "closed form" and not is_calibrated(run)
    }


def compared_code(wildcards):
    """The hash of what follows a denoiser, with the files of its family and of the closed forms."""
    families = {config["family"] for config in closed_forms(wildcards).values()}
    families.add(run_of(wildcards).family)
    return code_hash("explain.py", [module_of("denoisers", each) for each in families])


def calibration_code(wildcards):
    """The hash of what calibrates a closed form, with its own file and that of the network."""
    families = {run_of(wildcards).family, network_of(wildcards).family}
    return code_hash(
        "calibrate.py", [module_of("denoisers", each) for each in families]
    )


def laws_of(wildcards):
    return [f"creativity.laws.{name}" for name in laws.names(run_of(wildcards).config)]


def table(name, owner="campaign"):
    """A table of a whole campaign or study, which stands in Snakemake's report with its caption."""
    return report(
        f"results/{{{owner}}}/{name}.parquet",
        caption=f"../report/tables/{name}.rst",
        category="Tables",
        subcategory=f"{{{owner}}}",
        labels={"table": name},
    )


def figure(kind, name, subset="all", owner="campaign"):
    """A figure as HTML or SVG, which stands in Snakemake's report with its caption. name, subset: may be wildcards."""
    by_subset = subset != "all"
    stem = f"{name}-{subset}" if by_subset else name
    return report(
        f"results/{{{owner}}}/figures/{stem}.{kind}",
        caption=f"../report/figures/{'figure' if by_subset else name}.rst",
        category="Figures",
        subcategory=f"{{{owner}}}",
        labels={"figure": name, "subset": subset, "file": kind},
    )


def figures(campaign):
    drawn = {run.subset for run in RUNS[campaign].values() if run.kind == "control"}
    names = figure_names(CAMPAIGNS[campaign], sorted(drawn))
    folder = f"results/{campaign}/figures"
    return [f"{folder}/{name}.{kind}" for name in names for kind in ("html", "svg")]


def paper_figures(campaign):
    names = figure_names(CAMPAIGNS[campaign])
    return [f"results/{campaign}/paper/{name}.pdf" for name in names]


def figure_and_subset(wildcards):
    """What a figure's name is made of; those across subsets have a name alone."""
    found = re.fullmatch(r"(\w+)-(n\d+-s\d+)", wildcards.name)
    return found.groups() if found else (wildcards.name, None)


def caption_of(wildcards):
    name, subset = figure_and_subset(wildcards)
    return f"workflow/report/figures/{'figure' if subset else name}.rst"


def paper_settings(wildcards):
    name, subset = figure_and_subset(wildcards)
    known = {"campaign": wildcards.campaign, "figure": name, "subset": subset}
    return as_json(wildcards=known)


def results(campaign):
    """All that a campaign leaves, by the files that stand last."""
    last = (
        "config.yaml",
        "controls.checked",
        "pairs.parquet",
        "claims.parquet",
        "report.html",
        "mlflow.json",
    )
    return [
        *figures(campaign),
        *(f"results/{campaign}/{name}" for name in last),
        f"results/mlflow/{campaign}.tracked",
    ]


def study_results():
    """What a study leaves beside the results of its campaigns."""
    names = ["alignment.parquet", "figures/alignment.html", "figures/alignment.svg"]
    return [f"results/{STUDY}/{name}" for name in names if STUDY]


def page_tables(wildcards):
    """The tables of the whole campaign that the page shows."""
    names = ["controls", "laws", "pairs", "claims"]
    names += ["phase"] if len(campaign_of(wildcards).subsets.sizes) > 1 else []
    return [f"results/{wildcards.campaign}/{name}.parquet" for name in names]


def tracked_before(wildcards):
    """The marker of the campaign before this one in its study: MLflow's store has one writer at a time."""
    place = list(CAMPAIGNS).index(wildcards.campaign)
    return [f"results/mlflow/{name}.tracked" for name in list(CAMPAIGNS)[:place][-1:]]


def reference_settings(wildcards):
    """What decides the choice of the reference images: not how many others there are."""
    narrow = {"sizes": [1], "seeds": [0], "heldout": 2, "disjoint": False}
    return as_json(
        dataset=section(wildcards, "dataset"),
        subsets=section(wildcards, "subsets") | narrow,
        images=IMAGES[wildcards.campaign],
    )


def subset_settings(wildcards):
    """What decides a subset: its own size and seed, and those before it only where seeds must be disjoint."""
    size, seed = map(int, wildcards.subset[1:].split("-s"))
    subsets = campaign_of(wildcards).subsets
    narrow = {"sizes": [size], "seeds": [seed]}
    if subsets.disjoint:
        narrow = {
            "sizes": [max(subsets.sizes)],
            "seeds": subsets.seeds[: subsets.seeds.index(seed) + 1],
        }
    return as_json(
        dataset=section(wildcards, "dataset"),
        subsets=section(wildcards, "subsets") | narrow,
        images=IMAGES[wildcards.campaign],
        size=size,
        seed=seed,
    )


FILES = {
    "model": "model.safetensors",
    "checkpoints": "checkpoints.safetensors",
    "losses": "losses.parquet",
    "patches": "patches.parquet",
}


def is_calibrated(run):
    """Whether a closed form follows a trained denoiser, which its `patch` names."""
    return isinstance(run.config.get("patch"), str)


def network_of(wildcards):
    """The run of the trained denoiser that the wildcard's closed form follows, of the first seed."""
    subset, name = wildcards.subset, run_of(wildcards).config["patch"]
    first = campaign_of(wildcards).seeds[0]
    return RUNS[wildcards.campaign][f"{subset}/{name}/seed{first}"]


def external_path(wildcards):
    return campaign_of(wildcards).denoisers[wildcards.denoiser].path


def external_settings(wildcards):
    """What decides the samples taken over from another model: the contents of its images, and not where they lie."""
    return as_json(
        dataset=section(wildcards, "dataset") | {"path": ".", "train": None},
        images=GIVEN[wildcards.campaign][wildcards.denoiser],
        count=campaign_of(wildcards).sampling.count,
        seed=campaign_of(wildcards).sampling.seed,
    )


def model_files(*names):
    """The files that a trained denoiser is made of, or a calibrated one; other closed forms have none."""

    def found(wildcards):
        run = run_of(wildcards)
        root = Path("results", wildcards.campaign)
        return {
            name: str(run.file(root, FILES[name]))
            for name in names
            if (is_calibrated(run) if name == "patches" else run.kind == "trained")
        }

    return found


def critic_file(wildcards):
    """The critics of the wildcard's campaign, where it has any."""
    if not campaign_of(wildcards).critic.steps:
        return {}
    return {"critic": f"results/{wildcards.campaign}/critic.safetensors"}


def options(files, *names):
    """Those of the named inputs that there are, as options of a command."""
    return " ".join(f"--{name} {files[name]}" for name in names if name in files.keys())
