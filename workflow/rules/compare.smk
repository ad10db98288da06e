rule law:
    input:
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/law.parquet",
    log:
        "results/{campaign}/logs/law/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/law/{subset}-{denoiser}-{seed}.tsv"
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        mem_mb=memory(demand.of_comparing),
        runtime=runtime(demand.of_comparing),
    params:
        code=lambda wildcards: code_hash("law.py", laws_of(wildcards)),
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config, sampling=sampling(wildcards)
        ),
    message:
        "hold {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, against its law"
    shell:
        "python workflow/scripts/law.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --samples {input.samples} --train {input.train} --out {output} 2> {log}"


rule explain:
    input:
        unpack(model_files("model", "patches")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        explained="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/explained.parquet",
        receptive_field="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/receptive_field.parquet",
    log:
        "results/{campaign}/logs/explain/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/explain/{subset}-{denoiser}-{seed}.tsv"
    wildcard_constraints:
        denoiser=denoiser_names("trained", "closed form"),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        gpu=on_gpu,
        device=device,
        mem_mb=memory(demand.of_sampling),
        runtime=runtime(demand.of_sampling),
    params:
        code=compared_code,
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config,
            closed_forms=closed_forms(wildcards),
            sampling=sampling(wildcards),
        ),
        model=lambda wildcards, input: options(input, "model", "patches"),
    message:
        "explain {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, by closed forms"
    shell:
        "python workflow/scripts/explain.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --threads {threads} --device {resources.device} --train {input.train}"
        " {params.model} --explained {output.explained} --receptive-field {output.receptive_field} 2> {log}"


rule pairs:
    input:
        unpack(lambda wildcards: missing(wildcards.campaign)),
        every_run("samples.parquet", "trained", "closed form"),
        every_run("explained.parquet", "trained", "closed form"),
        config="results/{campaign}/settings.yaml",
    output:
        table("pairs"),
    log:
        "results/{campaign}/logs/pairs.log",
    benchmark:
        "results/{campaign}/benchmarks/pairs.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=code("pairs.py"),
        settings=as_json(),
        missing=lambda wildcards, input: options(input, "missing"),
    message:
        "compare what denoisers make of the same noise"
    shell:
        "python workflow/scripts/pairs.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} {params.missing} --out {output} 2> {log}"


rule claims:
    input:
        unpack(lambda wildcards: missing(wildcards.campaign)),
        every_run("sample_measures.parquet", "trained", "closed form"),
        config="results/{campaign}/settings.yaml",
    output:
        table("claims"),
    log:
        "results/{campaign}/logs/claims.log",
    benchmark:
        "results/{campaign}/benchmarks/claims.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=code("claims.py"),
        settings=as_json(),
        missing=lambda wildcards, input: options(input, "missing"),
    message:
        "ask which differences hold over training seeds"
    shell:
        "python workflow/scripts/claims.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} {params.missing} --out {output} 2>&1 | tee {log} >&2"
