rule sample:
    input:
        unpack(model_files("model", "patches")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    log:
        "results/{campaign}/logs/sample/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/sample/{subset}-{denoiser}-{seed}.tsv"
    wildcard_constraints:
        denoiser=denoiser_names("trained", "closed form"),
    priority: 10
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        gpu=on_gpu,
        device=device,
        batch_size=batch_size,
        mem_mb=memory(demand.of_sampling),
        runtime=runtime(demand.of_sampling),
    params:
        code=code("sample.py", family=True),
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config, sampling=sampling(wildcards)
        ),
        model=lambda wildcards, input: options(input, "model", "patches"),
    message:
        "draw samples with {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
    shell:
        "python workflow/scripts/sample.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --batch-size {resources.batch_size} --threads {threads}"
        " --device {resources.device} --train {input.train} {params.model} --out {output} 2> {log}"


rule control:
    input:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    log:
        "results/{campaign}/logs/control/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/control/{subset}-{denoiser}-{seed}.tsv"
    wildcard_constraints:
        denoiser=denoiser_names("control"),
    conda:
        "../../environment.yml"
    resources:
        mem_mb=memory(demand.of_comparing),
        runtime=runtime(demand.of_comparing),
    params:
        code=code("control.py"),
        settings=lambda wildcards: as_json(
            control=wildcards.denoiser,
            count=campaign_of(wildcards).sampling.count,
            seed=campaign_of(wildcards).sampling.seed,
        ),
    message:
        "make the control {wildcards.denoiser} on {wildcards.subset}"
    shell:
        "python workflow/scripts/control.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --train {input.train} --heldout {input.heldout} --out {output} 2> {log}"


rule converge:
    input:
        unpack(model_files("model", "checkpoints", "losses", "patches")),
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
        reference="results/{campaign}/reference.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/convergence.parquet",
    log:
        "results/{campaign}/logs/converge/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/converge/{subset}-{denoiser}-{seed}.tsv"
    wildcard_constraints:
        denoiser=denoiser_names("trained", "closed form"),
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        gpu=on_gpu,
        device=device,
        batch_size=batch_size,
        mem_mb=memory(demand.of_sampling),
        runtime=runtime(demand.of_sampling),
    params:
        code=code("converge.py", family=True),
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config,
            training=training(wildcards),
            sampling=sampling(wildcards),
            mirrored=campaign_of(wildcards).neighbours.mirrored,
        ),
        model=lambda wildcards, input: options(
            input, "model", "checkpoints", "losses", "patches"
        ),
    message:
        "follow {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, along training and sampling steps"
    shell:
        "python workflow/scripts/converge.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --batch-size {resources.batch_size} --threads {threads}"
        " --device {resources.device} --train {input.train} --reference {input.reference} --samples {input.samples}"
        " {params.model} --out {output} 2> {log}"


rule external:
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    log:
        "results/{campaign}/logs/external/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/external/{subset}-{denoiser}-{seed}.tsv"
    wildcard_constraints:
        denoiser=denoiser_names("external"),
    conda:
        "../../environment.yml"
    resources:
        path=external_path,  # where they lie is no part of the result
        mem_mb=memory(demand.of_comparing),
        runtime=runtime(demand.of_comparing),
    params:
        code=code("external.py"),
        settings=external_settings,
    message:
        "take over the images of {wildcards.denoiser} for {wildcards.subset}"
    shell:
        "python workflow/scripts/external.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --path {resources.path:q} --out {output} 2> {log}"
