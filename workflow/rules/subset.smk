rule resolve:
    output:
        "results/{campaign}/config.yaml",
    log:
        "results/{campaign}/logs/resolve.log",
    benchmark:
        "results/{campaign}/benchmarks/resolve.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=500,
    params:
        code=code("resolve.py"),
        settings=lambda wildcards: as_json(**SETTINGS[wildcards.campaign]),
    message:
        "write the resolved configuration"
    shell:
        "python workflow/scripts/resolve.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --out {output} 2> {log}"


rule settings:
    output:
        "results/{campaign}/settings.yaml",
    log:
        "results/{campaign}/logs/settings.log",
    benchmark:
        "results/{campaign}/benchmarks/settings.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=500,
    params:
        code=code("resolve.py"),
        settings=decisive,
    message:
        "write the settings that decide results"
    shell:
        "python workflow/scripts/resolve.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --out {output} 2> {log}"


rule reference:
    output:
        "results/{campaign}/reference.parquet",
    log:
        "results/{campaign}/logs/reference.log",
    benchmark:
        "results/{campaign}/benchmarks/reference.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=4000,
    params:
        code=code("reference.py", dataset=True),
        settings=reference_settings,
    message:
        "cut the reference images"
    shell:
        "python workflow/scripts/reference.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --out {output} 2> {log}"


rule subset:
    input:
        reference="results/{campaign}/reference.parquet",
    output:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    log:
        "results/{campaign}/logs/subset/{subset}.log",
    benchmark:
        "results/{campaign}/benchmarks/subset/{subset}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=4000,
    params:
        code=code("subset.py", dataset=True),
        settings=subset_settings,
    message:
        "cut the training and held-out images of {wildcards.subset}"
    shell:
        "python workflow/scripts/subset.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --reference {input.reference} --train {output.train}"
        " --heldout {output.heldout} 2> {log}"


rule subset_neighbours:
    input:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
        reference="results/{campaign}/reference.parquet",
    output:
        "results/{campaign}/subsets/{subset}/neighbours.parquet",
    log:
        "results/{campaign}/logs/subset_neighbours/{subset}.log",
    benchmark:
        "results/{campaign}/benchmarks/subset_neighbours/{subset}.tsv"
    conda:
        "../../environment.yml"
    resources:
        gpu=search_on_gpu,
        device=search_device,
        mem_mb=4000,
    params:
        code=code("subset_neighbours.py"),
        settings=lambda wildcards: as_json(
            **section(wildcards, "neighbours", "tile", "device")
        ),
    message:
        "find near-duplicates in {wildcards.subset}"
    shell:
        "python workflow/scripts/subset_neighbours.py --campaign {wildcards.campaign} --code {params.code}"
        " --device {resources.device}"
        " --params {params.settings:q} --train {input.train} --heldout {input.heldout}"
        " --reference {input.reference} --out {output} 2>&1 | tee {log} >&2"
