# Training of networks, and the first look at denoisers that users bring.


use rule job as probe with:
    input:
        reference="results/{campaign}/reference.parquet",  # of the same shape as all images, and for all subsets the same
    output:
        cost="results/{campaign}/costs/{denoiser}.parquet",
    pathvars:
        job="probe/{denoiser}",
    priority: 20
    resources:
        places=places,
        mem_mb=memory("probe"),
        runtime=runtime("probe"),
    params:
        code=code("probe", family),
        settings=lambda wildcards: as_json(family=options_of(wildcards)),
    message:
        "build {wildcards.denoiser}, and measure what it costs"


use rule job as train with:
    input:
        cost_file,
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    output:
        model="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/model.safetensors",
        checkpoints="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/checkpoints.safetensors",
        history="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/history.parquet",
        losses="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/losses.parquet",
    pathvars:
        job="train/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_names(),
    priority: 10
    resources:
        gpu=on_gpu,
        device=device_of(on_gpu),
        live=live,
        places=places,
        mem_mb=memory("train"),
        runtime=runtime("train"),
    params:
        code=code("train", family),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards),
            training=training(wildcards),
            seeds=seeds(wildcards),
        ),
    message:
        "train {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
