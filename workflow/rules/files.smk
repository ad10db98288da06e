# Which files there are: what a rule reads, and what a campaign leaves.


def names_of(chosen):
    """A pattern of the denoisers of which some run is chosen."""
    planned = [run for campaign in RUNS.values() for run in campaign.values()]
    return alternatives({run.denoiser for run in planned if chosen(run)})


def denoiser_names(*kinds):
    return names_of(lambda run: run.kind in kinds)


def calibrated_names():
    return names_of(lambda run: run.follows)


def chosen_runs(name, chosen):
    """A file of every chosen run of the wildcards' campaign, and subset where there is one."""

    def files(wildcards):
        root = Path("results", wildcards.campaign)
        return [
            str(run.file(root, name))
            for run in RUNS[wildcards.campaign].values()
            if chosen(run) and wildcards.get("subset", run.subset) == run.subset
        ]

    return files


def every_run(name, *kinds):
    """A file of every run of these kinds, or of all."""
    return chosen_runs(name, lambda run: not kinds or run.kind in kinds)


def of_all_campaigns(name):
    """A file of every run of a study."""
    return [
        str(run.file(Path("results", campaign), name))
        for campaign, planned in RUNS.items()
        for run in planned.values()
    ]


RUN = "runs/n{n}-s{s}/{denoiser}/seed{seed}"


def of_all_seeds(name):
    """A file of all seeds: s, those of the choice of images, and those of training, where it has them."""
    first = next(iter(CAMPAIGNS.values()))
    return expand(
        f"results/{{campaign}}/{name}",
        s=first.subsets.seeds,
        seed=first.seeds,
        allow_missing=True,
    )


def every_law(name):
    """A file of every run that has a law."""
    return lambda wildcards: chosen_runs(
        name, lambda run: laws_of(campaign_of(wildcards), run)
    )(wildcards)


def tables(*names):
    """Tables of the wildcards' whole campaign."""
    return [f"results/{{campaign}}/{name}.parquet" for name in names]


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
    parts = re.fullmatch(r"(\w+)-(n\d+-s\d+)", wildcards.name)
    return parts.groups() if parts else (wildcards.name, None)


def caption_of(wildcards):
    name, subset = figure_and_subset(wildcards)
    return f"workflow/report/figures/{'figure' if subset else name}.rst"


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


FILES = {
    "model": "model.safetensors",
    "checkpoints": "checkpoints.safetensors",
    "losses": "losses.parquet",
    "patches": "patches.parquet",
}


def model_files(*names):
    """The files that a trained denoiser is made of, or a calibrated one; other closed forms have none."""

    def files(wildcards):
        run = run_of(wildcards)
        root = Path("results", wildcards.campaign)
        return {
            name: str(run.file(root, FILES[name]))
            for name in names
            if (run.follows if name == "patches" else run.kind == "trained")
        }

    return files


def critic_file(wildcards):
    """The critics of the wildcard's campaign, where it has any."""
    if not campaign_of(wildcards).critic.steps:
        return {}
    return {"critic": f"results/{wildcards.campaign}/critic.safetensors"}


def feature_files(wildcards):
    """The features of the samples, of the reference and of the training images, where the campaign names a network."""
    if not campaign_of(wildcards).features.extractor:
        return {}
    root = Path("results", wildcards.campaign)
    sides = {
        "sample_features": run_of(wildcards).file(root, "samples.features.parquet"),
        "reference_features": root / "reference.features.parquet",
        "train_features": root / f"subsets/{wildcards.subset}/train.features.parquet",
    }
    return {name: str(path) for name, path in sides.items()}
