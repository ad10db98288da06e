import json
import os
import sys
from pathlib import Path

# Jobs run the interpreter that runs Snakemake, and the checkout's own code.
shell.prefix(
    f"set -euo pipefail; export PATH={str(Path(sys.executable).parent)!r}:$PATH; "
)
sys.path.insert(0, str(Path(workflow.basedir) / "workflow" / "scripts"))

from creativity import data
from creativity.codehash import code_hash
from creativity.config import ImpossibleError
from creativity.errors import UserError
from creativity.layout import FIGURES, runs, subset_names
from creativity.validate import plain, read, resolve

# What the user wrote, checked: a mistake ends here, in one sentence, before any job.
SOURCES = [Path(os.path.relpath(path)) for path in workflow.configfiles]
SOURCE = ", ".join(map(str, SOURCES))
try:
    for path in SOURCES:
        read(path)
    CAMPAIGN = resolve(config, SOURCE)
    data.check(CAMPAIGN)
    IMAGES = data.fingerprint(CAMPAIGN.dataset)
except ImpossibleError as error:
    sys.exit(f"{SOURCE}: {error}.")
except UserError as error:
    sys.exit(str(error))

SETTINGS = plain(CAMPAIGN)
RUNS = {run.key: run for run in runs(CAMPAIGN)}
SAMPLING = {
    key: value for key, value in SETTINGS["sampling"].items() if key != "batch_size"
}
TRAINING = {
    key: value for key, value in SETTINGS["training"].items() if key != "device"
}
NEIGHBOURS = SETTINGS["neighbours"] | {"tile": CAMPAIGN.tile}

# A marker of tracking whose store was deleted says nothing: without it the store is built again.
if CAMPAIGN.tracking.uri is None and not Path("results/mlflow/mlflow.db").exists():
    Path("results/mlflow", f"{CAMPAIGN.campaign}.tracked").unlink(missing_ok=True)


wildcard_constraints:
    campaign=CAMPAIGN.campaign.replace(".", r"\."),
    subset=r"n\d+-s\d+",
    denoiser="[^/]+",
    seed=r"\d+",


def as_json(**settings):
    """Settings as one word of a command, the same for the same content."""
    return json.dumps(settings, sort_keys=True)


def run_of(wildcards):
    return RUNS[f"{wildcards.subset}/{wildcards.denoiser}/seed{wildcards.seed}"]


def module_of(package, name):
    return f"creativity.{package}.{name.replace('-', '_')}"


def code(script, family=False, dataset=False):
    """The hash of what a rule runs, with the file of the wildcard's family or of the data set."""

    def found(wildcards):
        modules = [module_of("denoisers", run_of(wildcards).family)] if family else []
        modules += [module_of("data", CAMPAIGN.dataset.name)] if dataset else []
        return code_hash(script, modules)

    return found


def on_gpu(wildcards):
    """Trained denoisers ask for one GPU, unless the campaign is bound to the CPU."""
    return int(
        run_of(wildcards).kind == "trained" and CAMPAIGN.training.device != "cpu"
    )


def denoiser_names(*kinds):
    names = {run.denoiser for run in RUNS.values() if run.kind in kinds}
    return "|".join(sorted(name.replace(".", r"\.") for name in names)) or "(?!)"


def every_run(name, *kinds):
    """A file of every run of these kinds, or of all."""
    root = Path("results", CAMPAIGN.campaign)
    return [
        str(run.file(root, name))
        for run in RUNS.values()
        if not kinds or run.kind in kinds
    ]


def figures():
    return [
        f"results/{CAMPAIGN.campaign}/figures/{figure}-{subset}.{kind}"
        for figure in FIGURES
        for subset in subset_names(CAMPAIGN)
        for kind in ("html", "svg")
    ]


def reference_settings():
    """What decides the choice of the reference images: not how many others there are."""
    narrow = {"sizes": [1], "seeds": [0], "heldout": 2, "disjoint": False}
    return as_json(
        dataset=SETTINGS["dataset"], subsets=SETTINGS["subsets"] | narrow, images=IMAGES
    )


def subset_settings(wildcards):
    """What decides a subset: its own size and seed, and those before it only where seeds must be disjoint."""
    size, seed = map(int, wildcards.subset[1:].split("-s"))
    subsets = CAMPAIGN.subsets
    narrow = {"sizes": [size], "seeds": [seed]}
    if subsets.disjoint:
        narrow = {
            "sizes": [max(subsets.sizes)],
            "seeds": subsets.seeds[: subsets.seeds.index(seed) + 1],
        }
    return as_json(
        dataset=SETTINGS["dataset"],
        subsets=SETTINGS["subsets"] | narrow,
        images=IMAGES,
        size=size,
        seed=seed,
    )


FILES = {
    "model": "model.safetensors",
    "checkpoints": "checkpoints.safetensors",
    "losses": "losses.parquet",
}


def model_files(*names):
    """The files that a trained denoiser is made of; a closed form has none."""

    def found(wildcards):
        run = run_of(wildcards)
        root = Path("results", wildcards.campaign)
        return {
            name: str(run.file(root, FILES[name]))
            for name in names
            if run.kind == "trained"
        }

    return found


def options(files, *names):
    """Those of the named inputs that there are, as options of a command."""
    return " ".join(f"--{name} {files[name]}" for name in names if name in files.keys())
