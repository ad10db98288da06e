# The code and the settings of each job, no more than decides its results, so that few jobs run again; and its resources.


def sampling(wildcards):
    """The settings of sampling."""
    return section(wildcards, "sampling", "batch_size", "max_hours")


def training(wildcards):
    """The settings of training; None where nothing is trained."""
    trained = run_of(wildcards).kind == "trained"
    return section(wildcards, "training", "device") if trained else None


def decisive(wildcards):
    """The content of settings.yaml: everything in the configuration that decides a result.

    Rules that read all runs depend on it rather than on config.yaml. Where files lie decides no result: it is replaced by a dot.
    """
    configuration = DECIDING[wildcards.campaign]
    replaced = {"sampling": sampling(wildcards)}
    replaced["training"] = section(wildcards, "training", "device")
    replaced["neighbours"] = search_settings(wildcards)
    replaced["denoisers"] = {
        name: family | dict.fromkeys(places_in(family), ".")
        for name, family in configuration["denoisers"].items()
    }
    if configuration["features"]["extractor"]:
        replaced["features"] = configuration["features"] | {"weights": "."}
    kept = {key: value for key, value in configuration.items() if key != "tracking"}
    return as_json(**kept | replaced)


# The modules that a job imports by a name from its settings: they are part of its code.


def modules(package, *names):
    """The full names of modules of a package, from names as in a campaign file."""
    return [f"creativity.{package}.{name.replace('-', '_')}" for name in names]


def family(wildcards, run=None):
    """The module of a family (of the wildcards' run by default), and the file of a user's own model."""
    run = run or run_of(wildcards)
    source = campaign_of(wildcards).denoisers[run.denoiser].source()
    return modules("denoisers", run.family) + [source] * (source is not None)


def trainings(wildcards):
    """All trainings of the denoiser of a job of a subset, by seed."""
    key = wildcards.subset, wildcards.denoiser
    return TRAININGS[wildcards.campaign].get(key, [])


def trained_family(wildcards):
    return family(wildcards, trainings(wildcards)[0])


def dataset(wildcards):
    return modules("data.sets", campaign_of(wildcards).dataset.name)


def sampler(wildcards):
    return modules("sampling.samplers", campaign_of(wildcards).sampling.sampler)


def judge_networks(wildcards):
    return modules("denoisers", "unet")


def judge_asked_along(wildcards):
    """The networks of the judge, where it is asked at checkpoints too."""
    return judge_networks(wildcards) if judge_along_training(wildcards) else []


def heun(wildcards):
    return modules("sampling.samplers", "heun")


def spaces(wildcards):
    return modules("neighbours.spaces", *campaign_of(wildcards).neighbours.spaces)


def pixels(wildcards):
    return modules("neighbours.spaces", "pixel")


def own_laws(wildcards):
    return modules("laws", *laws_of(campaign_of(wildcards), run_of(wildcards)))


def code(name, *parts):
    """A function from wildcards to the code hash of a job. parts: functions from wildcards to further modules that it runs."""
    return lambda wildcards: code_hash(
        name, [module for part in parts for module in part(wildcards)]
    )


def closed_forms(wildcards):
    """The options of the campaign's closed forms by name, with which a network is compared; without those calibrated to one."""
    return {name: options_of(wildcards, run) for name, run in others(wildcards).items()}


def others(wildcards):
    """A run of each of the campaign's closed forms by name, with which a network is compared."""
    if not run_of(wildcards).is_network:
        return {}
    firsts = [runs[0] for runs in BY_DENOISER[wildcards.campaign].values()]
    forms = [run for run in firsts if run.kind == "closed form" and not run.follows]
    return {run.denoiser: run for run in forms}


def compared(wildcards):
    """The modules of the closed forms with which a network is compared."""
    runs_of_forms = others(wildcards).values()
    return [part for run in runs_of_forms for part in family(wildcards, run)]


def network_of(wildcards):
    """The run, with the first seed, of the trained denoiser that a closed form is calibrated to."""
    subset, name = wildcards.subset, run_of(wildcards).follows
    first = campaign_of(wildcards).seeds[0]
    return RUNS[wildcards.campaign][f"{subset}/{name}/seed{first}"]


def network(wildcards):
    return family(wildcards, network_of(wildcards))


def options_of(wildcards, run=None):
    """The options of the family of a run (of the wildcards' run by default), with the values computed from them.

    Instead of where files lie stands a hash of their contents.
    """
    run = run or run_of(wildcards)
    family_options = DECIDING[wildcards.campaign]["denoisers"][run.denoiser]
    files = FINGERPRINTS[wildcards.campaign][run.denoiser]
    computed = {} if files is None else {"files": files}
    computed |= family_options.get("computed", {})
    kept = without_places(family_options)
    return kept | {"computed": computed} if computed else kept


def places_in(family_options):
    """The options of a family that say where files lie, where they are set."""
    names = families.family_class(family_options["family"]).places
    return {name: family_options[name] for name in names if family_options[name]}


def without_places(family_options):
    names = families.family_class(family_options["family"]).places
    return {key: value for key, value in family_options.items() if key not in names}


def places(wildcards):
    """Where the files of a job's denoisers lie, nested as the settings are, as JSON; None where they have no files."""
    configured = DECIDING[wildcards.campaign]["denoisers"]
    run = run_of(wildcards)
    nested = {"family": places_in(configured[run.denoiser])}
    if run.follows:
        nested["network"] = places_in(configured[run.follows])
    forms = {name: places_in(configured[name]) for name in others(wildcards)}
    nested["closed_forms"] = {name: where for name, where in forms.items() if where}
    nested = {name: where for name, where in nested.items() if where}
    return as_json(**nested) if nested else None


def reference_settings(wildcards):
    """The settings of the choice of reference images, in which the sizes of the other sets are fixed: they do not change it.

    The exception is the number of held-out images where training images have a folder of their own: those must be left.
    """
    fixed = {"sizes": [1], "seeds": [0], "disjoint": False}
    if campaign_of(wildcards).dataset.train is None:
        fixed["heldout"] = 2
    return as_json(
        dataset=section(wildcards, "dataset"),
        subsets=section(wildcards, "subsets") | fixed,
        images=PLANNED[wildcards.campaign].images,
    )


def subset_settings(wildcards):
    """The settings of the choice of a subset: its size and seed; the seeds before it only where subsets must be disjoint."""
    size, seed = map(int, wildcards.subset[1:].split("-s"))
    subsets = campaign_of(wildcards).subsets
    own = {"sizes": [size], "seeds": [seed]}
    if subsets.disjoint:
        own = {
            "sizes": [max(subsets.sizes)],
            "seeds": subsets.seeds[: subsets.seeds.index(seed) + 1],
        }
    return as_json(
        dataset=section(wildcards, "dataset"),
        subsets=section(wildcards, "subsets") | own,
        images=PLANNED[wildcards.campaign].images,
        size=size,
        seed=seed,
    )


def external_settings(wildcards):
    """The settings of samples that another model generated: a hash of its images, not where they lie."""
    return as_json(
        dataset=section(wildcards, "dataset")
        | {"path": ".", "train": None, "range": None},
        images=PLANNED[wildcards.campaign].samples[wildcards.denoiser],
        range=campaign_of(wildcards).denoisers[wildcards.denoiser].range,
        count=samples_of(campaign_of(wildcards), wildcards.denoiser),
        seed=campaign_of(wildcards).sampling.seed,
    )


def paper_settings(wildcards):
    """The settings of a figure at print size: the wildcards that its caption uses."""
    subset = figure_and_subset(wildcards)[1]
    return as_json(wildcards={"campaign": wildcards.campaign, "subset": subset})


# What a job asks of a machine, and what it computes with.


def on_gpu(wildcards):
    """The number of GPUs of a job of one run."""
    return int(ESTIMATES.on_gpu(wildcards))


def judged_on_gpu(wildcards):
    """The number of GPUs of a job that judges samples."""
    return int(ESTIMATES.judged_on_gpu(wildcards))


def trains_on_gpu(wildcards):
    """The number of GPUs of a job that serves a whole campaign: 1 unless it trains on the CPU."""
    return int(device(wildcards) != "cpu")


def search_device(wildcards):
    return campaign_of(wildcards).neighbours.device


def search_on_gpu(wildcards):
    """The number of GPUs of a search for neighbours."""
    return int(search_device(wildcards) != "cpu")


def by_group(wildcards):
    """Whether no group, such as a person, stands on two sides."""
    return campaign_of(wildcards).subsets.split == "group"


def search_settings(wildcards):
    """The settings of a search for neighbours."""
    return section(wildcards, "neighbours", "device")


def device(wildcards):
    return campaign_of(wildcards).training.device


def device_of(gpus):
    """A function from wildcards to the device of a job that asks for `gpus(wildcards)` GPUs.

    A job that asks for none finds no GPU on a cluster, though the campaign name one: it takes what is there.
    """

    @with_signature
    def device_it_finds(wildcards):
        named = device(wildcards)
        return named if named == "cpu" or gpus(wildcards) else "auto"

    return device_it_finds


def live(wildcards):
    """The address of the MLflow server that shows training curves; "off" where the campaign wants none."""
    wanted = campaign_of(wildcards).tracking.live
    return tracking_uri(wildcards.campaign) if wanted else "off"


def batch_size(wildcards):
    return campaign_of(wildcards).sampling.batch_size


def seeds(wildcards):
    """The seeds of a training job: that of its run, or all where runs are trained together."""
    return [int(wildcards.seed)] if alone(wildcards) else campaign_of(wildcards).seeds


def memory(rule):
    """Megabytes by the estimate of creativity/running/demand/ for this rule, times the number of the attempt."""
    return with_signature(
        lambda wildcards, attempt: attempt * ESTIMATES.of(rule, wildcards).mem_mb
    )


def runtime(rule):
    """Minutes by the estimate of creativity/running/demand/ for this rule, times the number of the attempt."""
    return with_signature(
        lambda wildcards, attempt: attempt * ESTIMATES.of(rule, wildcards).minutes
    )
