# The files that rules read and write, and the results of a campaign.


def names_of(chosen):
    """A regular expression for the denoisers that have a run of which `chosen` is true."""
    all_runs = [
        run for campaign_runs in RUNS.values() for run in campaign_runs.values()
    ]
    return alternatives({run.denoiser for run in all_runs if chosen(run)})


def is_alone(run):
    """Whether each run of its denoiser has jobs of its own: controls share theirs, and so do runs that are trained together."""
    return run.kind != "control" and not (TOGETHER and run.kind == "trained")


def alone_names():
    """A regular expression for the denoisers and other models whose runs have jobs of their own."""
    return names_of(is_alone)


def alone_denoiser_names():
    """A regular expression for those of them that draw samples from the noise that all share."""
    return names_of(lambda run: is_alone(run) and run.denoises)


def calibrated_names():
    """A regular expression for the closed forms that are calibrated to a network."""
    return names_of(lambda run: run.follows)


def chosen_runs(name, chosen):
    """A function from wildcards to the files of this name of the chosen runs of their campaign (and subset, if they name one)."""

    def files(wildcards):
        campaign, root = wildcards.campaign, Path("results", wildcards.campaign)
        if "subset" in wildcards.keys():
            candidates = BY_SUBSET[campaign].get(wildcards.subset, [])
        else:
            candidates = RUNS[campaign].values()
        return [str(run.file(root, name)) for run in candidates if chosen(run)]

    return files


def every_denoiser(name):
    """As `chosen_runs`, for all runs whose samples come from a denoiser."""
    return chosen_runs(name, lambda run: run.denoises)


def every_run(name, *kinds):
    """As `chosen_runs`, for all runs of these kinds, or of any kind."""
    return chosen_runs(name, lambda run: not kinds or run.kind in kinds)


def of_all_campaigns(name):
    """The files of this name of all runs of all campaigns."""
    return [
        str(run.file(Path("results", campaign), name))
        for campaign, campaign_runs in RUNS.items()
        for run in campaign_runs.values()
    ]


def trained_names():
    """A regular expression for the denoisers that are trained."""
    return names_of(lambda run: run.kind == "trained")


RUN = "runs/n{n}-s{s}/{denoiser}/seed{seed}"
TRAIN = "results/{campaign}/subsets/{subset}/train.parquet"
REFERENCE = "results/{campaign}/reference.parquet"
SPACES = "results/{campaign}/spaces.safetensors"
SAMPLES = "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet"


def of_all_seeds(name):
    """The files of this pattern for all seeds of the choice of images ({s}) and all seeds of training ({seed})."""
    first = next(iter(CAMPAIGNS.values()))
    return expand(
        f"results/{{campaign}}/{name}",
        s=first.subsets.seeds,
        seed=first.seeds,
        allow_missing=True,
    )


def of_all_controls(name):
    """The files of this name of all controls of a subset."""
    return expand(
        f"results/{{campaign}}/runs/{{subset}}/{{control}}/seed0/{name}",
        control=CONTROLS,
        allow_missing=True,
    )


def of_each(runs_of, *functions, **patterns):
    """A function from the wildcards of several runs to the files of each, by name: lists in the order of the runs.

    What runs in a row share stands once, since Snakemake keeps 1.7 kB for each file. runs_of: from wildcards to these runs; functions:
    from the wildcards of one run to its named inputs; patterns: files by name.
    """

    def files(wildcards):
        found = defaultdict(list)
        for run in runs_of(wildcards):
            one = Wildcards(
                fromdict={
                    "campaign": wildcards.campaign,
                    "subset": run.subset,
                    "denoiser": run.denoiser,
                    "seed": str(run.seed),
                }
            )
            named = [function(one) for function in functions]
            named.append({name: path.format(**one) for name, path in patterns.items()})
            for files_of_one in named:
                for name, path in files_of_one.items():
                    found[name].append(path)
        return {name: without_repeats(paths) for name, paths in found.items()}

    return files


def without_repeats(paths):
    """Files of runs in a row, once each where all are shared by equally many; else as they are."""
    distinct = list(dict.fromkeys(paths))
    times = len(paths) // len(distinct)
    in_a_row = [path for path in distinct for _ in range(times)]
    return distinct if in_a_row == paths else paths


def every_subset(*names):
    """A function from wildcards to the files of these names of all subsets that a run is left of."""

    def files(wildcards):
        subsets = sorted({run.subset for run in RUNS[wildcards.campaign].values()})
        root = f"results/{wildcards.campaign}/subsets"
        return [f"{root}/{subset}/{name}" for subset in subsets for name in names]

    return files


def every_law(name):
    """A function from wildcards to the files of this name of all runs that have a law."""
    return lambda wildcards: chosen_runs(
        name, lambda run: laws_of(campaign_of(wildcards), run)
    )(wildcards)


def seeds_files(wildcards):
    """The files in which trainings of one network are compared, of all networks that have several seeds."""
    compared = several_seeds(RUNS[wildcards.campaign].values())
    pairs = dict.fromkeys((run.subset, run.denoiser) for run in compared)
    return [
        f"results/{wildcards.campaign}/runs/{subset}/{denoiser}/seeds.parquet"
        for subset, denoiser in pairs
    ]


def tables(*names):
    """Tables of a whole campaign."""
    return [f"results/{{campaign}}/{name}.parquet" for name in names]


def table(name, owner="campaign"):
    """A table of a whole campaign or study, which Snakemake's report includes with its caption."""
    return report(
        f"results/{{{owner}}}/{name}.parquet",
        caption=f"../report/tables/{name}.rst",
        category="Tables",
        subcategory=f"{{{owner}}}",
        labels={"table": name},
    )


def figure(kind, name, subset="all", owner="campaign"):
    """A figure as HTML or SVG, which Snakemake's report includes with its caption. subset: may be a wildcard."""
    stem = name if subset == "all" else f"{name}-{subset}"
    return report(
        f"results/{{{owner}}}/figures/{stem}.{kind}",
        caption=f"../report/figures/{name}.rst",
        category="Figures",
        subcategory=f"{{{owner}}}",
        labels={"figure": name, "subset": subset, "file": kind},
    )


def figures(campaign):
    """All figures of a campaign; a subset of which `make report` leaves out the controls has none."""
    subsets = {run.subset for run in RUNS[campaign].values() if run.kind == "control"}
    names = figure_names(CAMPAIGNS[campaign], sorted(subsets))
    folder = f"results/{campaign}/figures"
    return [f"{folder}/{name}.{kind}" for name in names for kind in ("html", "svg")]


def paper_figures(campaign):
    """All figures of a campaign at print size."""
    names = figure_names(CAMPAIGNS[campaign])
    return [f"results/{campaign}/paper/{name}.pdf" for name in names]


def figure_and_subset(wildcards):
    """The two parts of a figure's name, such as gallery-n100-s0; the subset is None for a figure of all subsets."""
    match = re.fullmatch(r"(\w+)-(n\d+-s\d+)", wildcards.name)
    return match.groups() if match else (wildcards.name, None)


def caption_of(wildcards):
    """The file with a figure's caption."""
    return f"workflow/report/figures/{figure_and_subset(wildcards)[0]}.rst"


def results(campaign):
    """The files that `all` asks for, which depend on all other results of a campaign."""
    last = (
        "config.yaml",
        "controls.checked",
        "pairs.parquet",
        "explained.parquet",
        "times.parquet",
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
    """The results of a study besides those of its campaigns."""
    names = [
        "alignment.parquet",
        "figures/alignment.html",
        "figures/alignment.svg",
        "report.html",
    ]
    return [f"results/{STUDY}/{name}" for name in names if STUDY]


def page_tables(wildcards):
    """The tables of the whole campaign that the page shows."""
    names = ["controls", "disguises", "judges", "laws", "pairs", "claims"]
    names += ["copied", "copied_first", "times", "slopes"]
    names += ["phase"] if len(campaign_of(wildcards).subsets.sizes) > 1 else []
    return [f"results/{wildcards.campaign}/{name}.parquet" for name in names]


def tracked_before(wildcards):
    """The marker of the campaign before this one in its study, since MLflow's store may have only one writer at a time."""
    index = list(CAMPAIGNS).index(wildcards.campaign)
    return [f"results/mlflow/{name}.tracked" for name in list(CAMPAIGNS)[:index][-1:]]


FILES = {
    "model": "model.safetensors",
    "checkpoints": "checkpoints.safetensors",
    "losses": "losses.parquet",
    "patches": "patches.parquet",
}


def cost_file(wildcards):
    """What was measured of a user's denoiser; none for others. It is made first, so that mistakes are told once; no job reads it.

    It is not marked `ancient`: Snakemake does not ask what else changed of a job one of whose inputs will be made anew.
    """
    path = f"results/{wildcards.campaign}/costs/{wildcards.denoiser}.parquet"
    return [path] if run_of(wildcards).brought else []


def judge_along_training(wildcards):
    """The networks of the judge, where it is asked at checkpoints too."""
    asked = judged_along(campaign_of(wildcards), run_of(wildcards))
    networks = f"results/{wildcards.campaign}/judge.safetensors"
    return {"networks": networks} if asked else {}


def model_files(*names):
    """A function from wildcards to the files of these names that their denoiser is restored from.

    A trained denoiser has files of weights and losses, a calibrated one its patches; other closed forms have none.
    """

    @with_signature
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
    """The critics of the campaign, as a named input; {} where it has none."""
    if not campaign_of(wildcards).critic.steps:
        return {}
    return {"critic": f"results/{wildcards.campaign}/critic.safetensors"}


FEATURES = {
    "train": "subsets/{subset}/train.features.parquet",
    "heldout": "subsets/{subset}/heldout.features.parquet",
    "disguised": "subsets/{subset}/disguised.features.parquet",
    "reference": "reference.features.parquet",
    "sample": "runs/{subset}/{denoiser}/seed{seed}/samples.features.parquet",
}


def feature_files(*sides):
    """A function from wildcards to the features of these images, as named inputs; {} where the campaign names no extractor."""

    @with_signature
    def files(wildcards):
        chosen = sides if campaign_of(wildcards).features.extractor else ()
        root = f"results/{wildcards.campaign}"
        return {
            f"{side}_features": f"{root}/{FEATURES[side].format(**wildcards)}"
            for side in chosen
        }

    return files
