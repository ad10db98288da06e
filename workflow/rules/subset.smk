# The configuration, and the sets of images: reference for the whole campaign; train and held-out for each subset.


use rule job as resolve with:
    output:
        config="results/{campaign}/config.yaml",
    pathvars:
        job="resolve",
    resources:
        mem_mb=memory("resolve"),
        runtime=runtime("resolve"),
    params:
        code=code("resolve"),
        settings=lambda wildcards: as_json(**CONFIGURATIONS[wildcards.campaign]),
    message:
        "write the resolved configuration"


use rule job as settings with:
    output:
        decisive="results/{campaign}/settings.yaml",
    pathvars:
        job="settings",
    resources:
        mem_mb=memory("settings"),
        runtime=runtime("settings"),
    params:
        code=code("settings"),
        settings=decisive,
    message:
        "write the settings that decide results"


use rule job as reference with:
    output:
        reference="results/{campaign}/reference.parquet",
    pathvars:
        job="reference",
    priority: 30  # what takes several cores goes first: it would wait for as many to be free
    threads: 4
    resources:
        mem_mb=memory("reference"),
        runtime=runtime("reference"),
    params:
        code=code("reference", dataset),
        settings=reference_settings,
    message:
        "cut the reference images"


use rule job as subset with:
    input:
        reference="results/{campaign}/reference.parquet",
    output:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    pathvars:
        job="subset/{subset}",
    priority: 30  # what takes several cores goes first: it would wait for as many to be free
    threads: 4
    resources:
        mem_mb=memory("subset"),
        runtime=runtime("subset"),
    params:
        code=code("subset", dataset),
        settings=subset_settings,
    message:
        "cut the training and held-out images of {wildcards.subset}"


use rule job as fit_spaces with:
    input:
        reference=REFERENCE,
    output:
        spaces=SPACES,
    pathvars:
        job="fit_spaces",
    resources:
        mem_mb=memory("fit_spaces"),
        runtime=runtime("fit_spaces"),
    params:
        code=code("fit_spaces", spaces),
        settings=lambda wildcards: as_json(
            spaces=campaign_of(wildcards).neighbours.spaces
        ),
    message:
        "fit the spaces of neighbours to the reference"


use rule job as subset_neighbours with:
    input:
        unpack(feature_files("train", "heldout", "reference")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
        reference=REFERENCE,
        spaces=SPACES,
    output:
        neighbours="results/{campaign}/subsets/{subset}/neighbours.parquet",
        scales="results/{campaign}/subsets/{subset}/scales.parquet",
        provenance="results/{campaign}/subsets/{subset}/provenance.parquet",
    pathvars:
        job="subset_neighbours/{subset}",
    resources:
        gpu=search_on_gpu,
        device=search_device,
        mem_mb=memory("subset_neighbours"),
        runtime=runtime("subset_neighbours"),
    params:
        code=code("subset_neighbours", spaces),
        settings=lambda wildcards: as_json(
            **section(wildcards, "neighbours", "device")
            | {"tile": campaign_of(wildcards).tile, "by_group": by_group(wildcards)}
        ),
    message:
        "find near-duplicates in {wildcards.subset}"
