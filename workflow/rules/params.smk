# What decides a job: its code and its settings, as narrow as they can be; and what it asks of a machine.


def sampling(wildcards):
    return section(wildcards, "sampling", "batch_size")


def training(wildcards):
    """The settings of training; null where nothing is trained."""
    trained = run_of(wildcards).kind == "trained"
    return section(wildcards, "training", "device") if trained else None


def decisive(wildcards):
    """All settings that decide results. What is gathered from many runs depends on these, not on config.yaml.

    Where the files of others lie decides nothing; a dot stands for it.
    """
    settings = DECIDING[wildcards.campaign]
    narrow = {"sampling": sampling(wildcards)}
    narrow["training"] = section(wildcards, "training", "device")
    narrow["neighbours"] = search_settings(wildcards)
    narrow["denoisers"] = {
        name: family | {"path": "."} if "path" in family else family
        for name, family in settings["denoisers"].items()
    }
    if settings["features"]["extractor"]:
        narrow["features"] = settings["features"] | {"weights": "."}
    kept = {key: value for key, value in settings.items() if key != "tracking"}
    return as_json(**kept | narrow)


def modules(package, *names):
    return [f"creativity.{package}.{name.replace('-', '_')}" for name in names]


def family(wildcards):
    return modules("denoisers", run_of(wildcards).family)


def dataset(wildcards):
    return modules("data.sets", campaign_of(wildcards).dataset.name)


def sampler(wildcards):
    return modules("sampling.samplers", campaign_of(wildcards).sampling.sampler)


def heun(wildcards):
    return modules("sampling.samplers", "heun")


def spaces(wildcards):
    return modules("neighbours.spaces", *campaign_of(wildcards).neighbours.spaces)


def pixels(wildcards):
    return modules("neighbours.spaces", "pixel")


def drawn(wildcards):
    return modules("figures", wildcards.figure)


def own_laws(wildcards):
    return modules("laws", *laws_of(campaign_of(wildcards), run_of(wildcards)))


def code(name, *parts):
    """The hash of the job of that name, with the modules that its wildcards alone tell: functions of them."""
    return lambda wildcards: code_hash(
        name, [module for part in parts for module in part(wildcards)]
    )


def closed_forms(wildcards):
    """The closed forms of the wildcard's campaign by name, which are to explain a network; not those fitted to one."""
    if run_of(wildcards).kind != "trained":
        return {}
    return {
        run.denoiser: options_of(wildcards, run)
        for run in RUNS[wildcards.campaign].values()
        if run.kind == "closed form" and not run.follows
    }


def compared(wildcards):
    """The modules of the closed forms that are to explain a network."""
    forms = closed_forms(wildcards).values()
    return modules("denoisers", *{form["family"] for form in forms})


def network_of(wildcards):
    """The run of the trained denoiser that the wildcard's closed form follows, of the first seed."""
    subset, name = wildcards.subset, run_of(wildcards).follows
    first = campaign_of(wildcards).seeds[0]
    return RUNS[wildcards.campaign][f"{subset}/{name}/seed{first}"]


def network(wildcards):
    return modules("denoisers", network_of(wildcards).family)


def options_of(wildcards, run=None):
    """The options of the wildcards' family, or of another run's, with what it works out from them."""
    run = run or run_of(wildcards)
    told = DECIDING[wildcards.campaign]["denoisers"][run.denoiser]
    return {key: value for key, value in told.items() if key != "path"}


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


def paper_settings(wildcards):
    name, subset = figure_and_subset(wildcards)
    known = {"campaign": wildcards.campaign, "figure": name, "subset": subset}
    return as_json(wildcards=known)


def on_gpu(wildcards):
    """Trained denoisers ask for one GPU, unless the campaign is bound to the CPU."""
    trained = run_of(wildcards).kind == "trained"
    return int(trained and campaign_of(wildcards).training.device != "cpu")


def search_device(wildcards):
    return campaign_of(wildcards).neighbours.device


def search_on_gpu(wildcards):
    """A search asks for a GPU where the campaign wants it to."""
    return int(search_device(wildcards) != "cpu")


def search_settings(wildcards):
    """What decides a search: not on what it is done."""
    return section(wildcards, "neighbours", "device")


def device(wildcards):
    return campaign_of(wildcards).training.device


def live(wildcards):
    """The address of the server that is told how trainings go; off where none is."""
    wanted = campaign_of(wildcards).tracking.live
    return tracking_uri(wildcards.campaign) if wanted else "off"


def batch_size(wildcards):
    return campaign_of(wildcards).sampling.batch_size


def seeds(wildcards):
    """The seeds of a training: its own, or all where they are trained together."""
    return [int(wildcards.seed)] if alone(wildcards) else campaign_of(wildcards).seeds


def for_all_seeds(ask):
    """As much as one run asks for, times the number of those that are trained together."""

    def asked(wildcards, attempt):
        subsets = campaign_of(wildcards).subsets.seeds
        together = 1 if alone(wildcards) else len(subsets) * len(seeds(wildcards))
        return together * ask(wildcards, attempt)

    return asked


def memory(of):
    """Megabytes that one of the estimates in creativity/running/demand.py asks for, more with each attempt."""
    return lambda wildcards, attempt: (
        attempt * of(campaign_of(wildcards), run_of(wildcards)).mem_mb
    )


def runtime(of):
    """Minutes, likewise."""
    return lambda wildcards, attempt: (
        attempt * of(campaign_of(wildcards), run_of(wildcards)).minutes
    )


def gathering_memory(wildcards, attempt):
    """Megabytes for what gathers all runs of a campaign."""
    runs = len(RUNS[wildcards.campaign])
    return attempt * demand.of_gathering(campaign_of(wildcards), runs).mem_mb


def gathering_runtime(wildcards, attempt):
    """Minutes, likewise."""
    runs = len(RUNS[wildcards.campaign])
    return attempt * demand.of_gathering(campaign_of(wildcards), runs).minutes
