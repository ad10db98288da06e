# Comparisons: of samples with their law, of networks with closed forms (`explain`), of denoisers with each other.


use rule job as law with:
    input:
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        law="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/law.parquet",
    pathvars:
        job="law/{subset}-{denoiser}-{seed}",
    resources:
        mem_mb=memory("law"),
        runtime=runtime("law"),
    params:
        code=code("law", own_laws),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards),
            laws=laws_of(campaign_of(wildcards), run_of(wildcards)),
            sampling=sampling(wildcards),
        ),
    message:
        "hold {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, against its law"


use rule job as explain with:
    input:
        cost_file,
        unpack(model_files("model", "patches")),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        explained="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/explained.parquet",
        receptive_field="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/receptive_field.parquet",
    pathvars:
        job="explain/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_denoiser_names(),
    resources:
        gpu=on_gpu,
        device=device_of(on_gpu),
        places=places,
        mem_mb=memory("explain"),
        runtime=runtime("explain"),
    params:
        code=code("explain", family, compared, sampler),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards),
            closed_forms=closed_forms(wildcards),
            sampling=sampling(wildcards),
        ),
    message:
        "explain {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}, by closed forms"


use rule job as explain_seeds with:
    input:
        model=lambda wildcards: [
            run.file(Path("results", wildcards.campaign), FILES["model"])
            for run in trainings(wildcards)
        ],
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        seeds="results/{campaign}/runs/{subset}/{denoiser}/seeds.parquet",
    pathvars:
        job="explain_seeds/{subset}-{denoiser}",
    wildcard_constraints:
        denoiser=names_of(lambda run: run.kind == "trained"),
    resources:
        gpu=trains_on_gpu,
        device=device,
        places=places,
        mem_mb=memory("explain_seeds"),
        runtime=runtime("explain_seeds"),
    params:
        code=code("explain_seeds", trained_family, sampler),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards, trainings(wildcards)[0]),
            seeds=[run.seed for run in trainings(wildcards)],
            sampling=sampling(wildcards),
        ),
    message:
        "explain the trainings of {wildcards.denoiser} on {wildcards.subset} by each other"


use rule job as pairs with:
    input:
        unpack(missing_of),
        every_denoiser("samples.parquet"),
        every_denoiser("explained.parquet"),
        config="results/{campaign}/settings.yaml",
    output:
        pairs=table("pairs"),
    pathvars:
        job="pairs",
    resources:
        mem_mb=memory("pairs"),
        runtime=runtime("pairs"),
    params:
        code=code("pairs"),
    message:
        "compare what denoisers make of the same noise"


use rule job as explained with:
    input:
        unpack(missing_of),
        seeds_files,
        pairs="results/{campaign}/pairs.parquet",
        config="results/{campaign}/settings.yaml",
    output:
        explained=table("explained"),
    pathvars:
        job="explained",
    resources:
        mem_mb=memory("explained"),
        runtime=runtime("explained"),
    params:
        code=code("explained"),
    message:
        "tell which closed form explains which network"


use rule job as claims with:
    input:
        unpack(missing_of),
        every_denoiser("sample_measures.parquet"),
        config="results/{campaign}/settings.yaml",
    output:
        claims=table("claims"),
    pathvars:
        job="claims",
    resources:
        mem_mb=memory("claims"),
        runtime=runtime("claims"),
    params:
        code=code("claims"),
    message:
        "ask which differences hold over training seeds"
