# Samples: of denoisers and of other models; and how they depend on training and sampling steps.


use rule job as sample with:
    input:
        cost_file,
        unpack(model_files("model", "patches")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    pathvars:
        job="sample/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_denoiser_names(),
    priority: 11
    resources:
        gpu=on_gpu,
        device=device_of(on_gpu),
        batch_size=batch_size,
        places=places,
        mem_mb=memory("sample"),
        runtime=runtime("sample"),
    params:
        code=code("sample", family, sampler),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards), sampling=sampling(wildcards)
        ),
    message:
        "draw samples with {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"


use rule job as converge with:
    input:
        unpack(model_files("model", "checkpoints", "losses", "patches")),
        unpack(judge_along_training),
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
        reference="results/{campaign}/reference.parquet",
    output:
        convergence="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/convergence.parquet",
    pathvars:
        job="converge/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_denoiser_names(),
    resources:
        gpu=on_gpu,
        device=device_of(on_gpu),
        batch_size=batch_size,
        places=places,
        mem_mb=memory("converge"),
        runtime=runtime("converge"),
    params:
        code=code("converge", family, sampler, pixels, judge_asked_along),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards),
            training=training(wildcards),
            judge=(
                section(wildcards, "judge")
                if judge_along_training(wildcards)
                else None
            ),
            sampling=sampling(wildcards),
            mirrored=campaign_of(wildcards).neighbours.mirrored,
            by_group=by_group(wildcards),
        ),
    message:
        "follow {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, along training and sampling steps"


use rule job as external with:
    output:
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
    pathvars:
        job="external/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=names_of(lambda run: run.family == "external"),
    priority: 30  # what takes several cores goes first: it would wait for as many to be free
    threads: 4
    resources:
        places=places,  # a resource, since where the images lie decides no result
        mem_mb=memory("external"),
        runtime=runtime("external"),
    params:
        code=code("external"),
        settings=external_settings,
    message:
        "take over the images of {wildcards.denoiser} for {wildcards.subset}"
