rule train:
    input:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    output:
        model="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/model.safetensors",
        checkpoints="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/checkpoints.safetensors",
        history="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/history.parquet",
        losses="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/losses.parquet",
    log:
        "results/{campaign}/logs/train/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/train/{subset}-{denoiser}-{seed}.tsv"
    priority: 10
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        gpu=on_gpu,
        device=device,
        live=live,
        mem_mb=for_all_seeds(memory(demand.of_training)),
        runtime=for_all_seeds(runtime(demand.of_training)),
    params:
        code=code("train.py", family=True),
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config,
            training=training(wildcards),
            seeds=seeds(wildcards),
        ),
    message:
        "train {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
    shell:  # it outlives a signal, as the training saves its state before it ends
        "trap : INT TERM USR1; "
        "python workflow/scripts/train.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --name {wildcards.denoiser} --threads {threads} --device {resources.device} --live {resources.live:q}"
        " --train {input.train} --heldout {input.heldout} --model {output.model}"
        " --checkpoints {output.checkpoints} --history {output.history} --losses {output.losses}"
        " 2>&1 | (trap '' INT TERM USR1; tee {log} >&2)"


# All seeds of a denoiser, those of the choice of images too, in one job, where the campaign says so.
if TOGETHER:

    ruleorder: train_together > train

    use rule train as train_together with:
        input:
            train=of_all_seeds("subsets/n{n}-s{s}/train.parquet"),
            heldout=of_all_seeds("subsets/n{n}-s{s}/heldout.parquet"),
        output:
            model=of_all_seeds(f"{RUN}/model.safetensors"),
            checkpoints=of_all_seeds(f"{RUN}/checkpoints.safetensors"),
            history=of_all_seeds(f"{RUN}/history.parquet"),
            losses=of_all_seeds(f"{RUN}/losses.parquet"),
        log:
            "results/{campaign}/logs/train/n{n}-{denoiser}.log",
        benchmark:
            "results/{campaign}/benchmarks/train/n{n}-{denoiser}.tsv"
        message:
            "train {wildcards.denoiser} on {wildcards.n} images, all seeds together"
