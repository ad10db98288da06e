rule critic:
    input:
        reference="results/{campaign}/reference.parquet",
    output:
        "results/{campaign}/critic.safetensors",
    log:
        "results/{campaign}/logs/critic.log",
    benchmark:
        "results/{campaign}/benchmarks/critic.tsv"
    priority: 10
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        device=device,
        mem_mb=8000,
        runtime=240,
    params:
        code=code("critic.py"),
        settings=lambda wildcards: as_json(critic=section(wildcards, "critic")),
    message:
        "train the critics, which judge whether images are real"
    shell:
        "python workflow/scripts/critic.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --threads {threads} --device {resources.device}"
        " --reference {input.reference} --out {output} 2> {log}"


rule features:
    input:
        images="results/{campaign}/{images}.parquet",
        weights=lambda wildcards: os.path.expanduser(
            campaign_of(wildcards).features.weights
        ),
    output:
        "results/{campaign}/{images}.features.parquet",
    log:
        "results/{campaign}/logs/features/{images}.log",
    benchmark:
        "results/{campaign}/benchmarks/features/{images}.tsv"
    wildcard_constraints:
        images=r"reference|subsets/[^/]+/train|runs/[^/]+/[^/]+/[^/]+/samples",
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        device=device,
        mem_mb=8000,
        runtime=240,
    params:
        code=code("features.py"),
        settings=lambda wildcards: as_json(
            extractor=campaign_of(wildcards).features.extractor
        ),
    message:
        "bring {wildcards.images} into the features of a network"
    shell:
        "python workflow/scripts/features.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --threads {threads} --device {resources.device}"
        " --images {input.images} --weights {input.weights:q} --out {output} 2> {log}"


rule measure:
    input:
        unpack(critic_file),
        unpack(feature_files),
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        neighbours="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/neighbours.parquet",
        provenance="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/provenance.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
        reference="results/{campaign}/reference.parquet",
        subset_neighbours="results/{campaign}/subsets/{subset}/neighbours.parquet",
        heldout_provenance="results/{campaign}/runs/{subset}/held-out/seed0/provenance.parquet",
    output:
        measures="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/measures.parquet",
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/sample_measures.parquet",
    log:
        "results/{campaign}/logs/measure/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/measure/{subset}-{denoiser}-{seed}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=memory(demand.of_comparing),
        runtime=runtime(demand.of_comparing),
    params:
        code=code("measure.py"),
        settings=lambda wildcards: as_json(
            mirrored=campaign_of(wildcards).neighbours.mirrored
        ),
        given=lambda wildcards, input: options(
            input, "critic", *feature_files(wildcards)
        ),
    message:
        "measure {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
    shell:
        "python workflow/scripts/measure.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --samples {input.samples} --neighbours {input.neighbours}"
        " --provenance {input.provenance} --train {input.train} --reference {input.reference}"
        " --subset-neighbours {input.subset_neighbours} --heldout-provenance {input.heldout_provenance} {params.given}"
        " --out {output.measures} --sample-out {output.samples} 2> {log}"


rule summarise:
    input:
        unpack(lambda wildcards: missing(wildcards.campaign)),
        every_run("measures.parquet"),
        every_run("history.parquet", "trained"),
        every_run("convergence.parquet", "trained", "closed form"),
        every_run("receptive_field.parquet", "trained", "closed form"),
        every_law("law.parquet"),
        config="results/{campaign}/settings.yaml",
    output:
        runs=table("runs"),
        measures=table("measures"),
        convergence=table("convergence"),
        controls=table("controls"),
        laws=table("laws"),
        receptive_fields=table("receptive_fields"),
    log:
        "results/{campaign}/logs/summarise.log",
    benchmark:
        "results/{campaign}/benchmarks/summarise.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=code("summarise.py"),
        settings=as_json(),
        missing=lambda wildcards, input: options(input, "missing"),
    message:
        "gather all runs into tables"
    shell:
        "python workflow/scripts/summarise.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} {params.missing} 2> {log}"


rule phase:
    input:
        measures="results/{campaign}/measures.parquet",
    output:
        table("phase"),
    log:
        "results/{campaign}/logs/phase.log",
    benchmark:
        "results/{campaign}/benchmarks/phase.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
    params:
        code=code("phase.py"),
        settings=as_json(),
    message:
        "find up to how many training images each denoiser copies"
    shell:
        "python workflow/scripts/phase.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --measures {input.measures} --out {output} 2> {log}"


rule check:
    input:
        controls="results/{campaign}/controls.parquet",
        measures="results/{campaign}/measures.parquet",
    output:
        "results/{campaign}/controls.checked",
    log:
        "results/{campaign}/logs/check.log",
    benchmark:
        "results/{campaign}/benchmarks/check.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
    params:
        code=code("check.py"),
        settings=lambda wildcards: as_json(
            repeats=campaign_of(wildcards).dataset.repeats
        ),
    message:
        "check that every control is within its bounds"
    shell:
        "python workflow/scripts/check.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --controls {input.controls} --measures {input.measures} --out {output}"
        " 2>&1 | tee {log} >&2"
