rule sample:
    message:
        "draw samples with {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
    input:
        unpack(model_files("model")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    log:
        "results/{campaign}/logs/sample/{subset}-{denoiser}-{seed}.log",
    params:
        code=code("sample.py", family=True),
        settings=lambda wildcards: as_json(family=run_of(wildcards).config, sampling=SAMPLING),
        model=lambda wildcards, input: options(input, "model"),
    wildcard_constraints:
        denoiser=denoiser_names("trained", "closed form"),
    threads: 1
    priority: 10
    resources:
        gpu=on_gpu,
        device=CAMPAIGN.training.device,
        batch_size=CAMPAIGN.sampling.batch_size,
        mem_mb=8000,
        runtime=120,
    benchmark:
        "results/{campaign}/benchmarks/sample/{subset}-{denoiser}-{seed}.tsv"
    shell:
        "python workflow/scripts/sample.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --batch-size {resources.batch_size} --threads {threads}"
        " --device {resources.device} --train {input.train} {params.model} --out {output} 2> {log}"


rule control:
    message:
        "make the control {wildcards.denoiser} on {wildcards.subset}"
    input:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    log:
        "results/{campaign}/logs/control/{subset}-{denoiser}-{seed}.log",
    params:
        code=code("control.py"),
        settings=lambda wildcards: as_json(
            control=wildcards.denoiser,
            count=CAMPAIGN.sampling.count,
            seed=CAMPAIGN.sampling.seed,
        ),
    wildcard_constraints:
        denoiser=denoiser_names("control"),
    resources:
        mem_mb=4000,
    benchmark:
        "results/{campaign}/benchmarks/control/{subset}-{denoiser}-{seed}.tsv"
    shell:
        "python workflow/scripts/control.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --train {input.train} --heldout {input.heldout} --out {output} 2> {log}"


rule converge:
    message:
        "follow {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, along training and sampling steps"
    input:
        unpack(model_files("model", "checkpoints", "losses")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
        reference="results/{campaign}/reference.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/convergence.parquet",
    log:
        "results/{campaign}/logs/converge/{subset}-{denoiser}-{seed}.log",
    params:
        code=code("converge.py", family=True),
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config,
            training=TRAINING,
            sampling=SAMPLING,
            mirrored=NEIGHBOURS["mirrored"],
        ),
        model=lambda wildcards, input: options(input, "model", "checkpoints", "losses"),
    wildcard_constraints:
        denoiser=denoiser_names("trained", "closed form"),
    threads: 1
    resources:
        gpu=on_gpu,
        device=CAMPAIGN.training.device,
        batch_size=CAMPAIGN.sampling.batch_size,
        mem_mb=8000,
        runtime=240,
    benchmark:
        "results/{campaign}/benchmarks/converge/{subset}-{denoiser}-{seed}.tsv"
    shell:
        "python workflow/scripts/converge.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --batch-size {resources.batch_size} --threads {threads}"
        " --device {resources.device} --train {input.train} --reference {input.reference} {params.model}"
        " --out {output} 2> {log}"
