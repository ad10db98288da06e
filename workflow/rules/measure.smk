# Measures of each run, what they need (critics, features of a network), and the tables of the whole campaign.


use rule job as critic with:
    input:
        reference="results/{campaign}/reference.parquet",
    output:
        critic="results/{campaign}/critic.safetensors",
    pathvars:
        job="critic",
    priority: 10
    resources:
        gpu=trains_on_gpu,
        device=device,
        mem_mb=memory("critic"),
        runtime=runtime("critic"),
    params:
        code=code("critic", heun),
        settings=lambda wildcards: as_json(critic=section(wildcards, "critic")),
    message:
        "train the critics, which judge whether images are real"


use rule job as train_judge with:
    input:
        reference="results/{campaign}/reference.parquet",
    output:
        judge="results/{campaign}/judge.safetensors",
    pathvars:
        job="train_judge",
    priority: 10
    resources:
        gpu=trains_on_gpu,
        device=device,
        mem_mb=memory("train_judge"),
        runtime=runtime("train_judge"),
    params:
        code=code("train_judge", judge_networks),
        settings=lambda wildcards: as_json(
            judge=section(wildcards, "judge"),
            mirrored=campaign_of(wildcards).neighbours.mirrored,
            by_group=by_group(wildcards),
        ),
    message:
        "train the networks of the judge of realism"


use rule job as judge with:
    input:
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        reference=REFERENCE,
        networks="results/{campaign}/judge.safetensors",
    output:
        judged="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/judged.parquet",
    pathvars:
        job="judge/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_names(),
    resources:
        gpu=judged_on_gpu,
        device=device_of(judged_on_gpu),
        mem_mb=memory("judge"),
        runtime=runtime("judge"),
    params:
        code=code("judge", judge_networks),
        settings=lambda wildcards: as_json(
            judge=section(wildcards, "judge"),
            mirrored=campaign_of(wildcards).neighbours.mirrored,
        ),
    message:
        "ask the judge about {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"


use rule job as features with:
    input:
        images="results/{campaign}/{images}.parquet",
        weights=lambda wildcards: os.path.expanduser(
            campaign_of(wildcards).features.weights
        ),
    output:
        features="results/{campaign}/{images}.features.parquet",
    pathvars:
        job="features/{images}",
    wildcard_constraints:
        images=r"reference|subsets/[^/]+/(train|heldout|disguised)|runs/[^/]+/[^/]+/[^/]+/samples",
    resources:
        gpu=trains_on_gpu,
        device=device,
        mem_mb=memory("features"),
        runtime=runtime("features"),
    params:
        code=code("features"),
        settings=lambda wildcards: as_json(
            features=section(wildcards, "features", "weights"),
            mirrored=campaign_of(wildcards).neighbours.mirrored,
        ),
    message:
        "bring {wildcards.images} into the features of a network"


MEASURED = {
    "samples": SAMPLES,
    "neighbours": "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/neighbours.parquet",
    "provenance": "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/provenance.parquet",
    "train": TRAIN,
    "reference": REFERENCE,
    "spaces": SPACES,
    "subset_neighbours": "results/{campaign}/subsets/{subset}/neighbours.parquet",
    "scales": "results/{campaign}/subsets/{subset}/scales.parquet",
    "judged": "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/judged.parquet",
    "subset_provenance": "results/{campaign}/subsets/{subset}/provenance.parquet",
}


use rule job as measure with:
    input:
        unpack(critic_file),
        unpack(feature_files("sample", "train", "reference")),
        **MEASURED,
    output:
        measures="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/measures.parquet",
        sample_measures="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/sample_measures.parquet",
    pathvars:
        job="measure/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_names(),
    resources:
        mem_mb=memory("measure"),
        runtime=runtime("measure"),
    params:
        code=code("measure", spaces),
        settings=lambda wildcards: as_json(
            mirrored=campaign_of(wildcards).neighbours.mirrored,
            count=campaign_of(wildcards).sampling.count,
        ),
    message:
        "measure {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"


use rule job as judges with:
    input:
        unpack(missing_of),
        unpack(critic_file),
        every_run("samples.parquet", "control"),
        every_run("measures.parquet", "control"),
        config="results/{campaign}/settings.yaml",
    output:
        judges=table("judges"),
    pathvars:
        job="judges",
    resources:
        mem_mb=memory("judges"),
        runtime=runtime("judges"),
    params:
        code=code("judges"),
    message:
        "compare the judges of realism on the controls"


use rule job as disguised with:
    input:
        train="results/{campaign}/subsets/{subset}/train.parquet",
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    output:
        disguised="results/{campaign}/subsets/{subset}/disguised.parquet",
    pathvars:
        job="disguised/{subset}",
    resources:
        mem_mb=memory("disguised"),
        runtime=runtime("disguised"),
    params:
        code=code("disguised"),
    message:
        "disguise training images of {wildcards.subset}"


use rule job as unmask with:
    input:
        unpack(feature_files("disguised", "train")),
        disguised="results/{campaign}/subsets/{subset}/disguised.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
        spaces=SPACES,
        subset_neighbours="results/{campaign}/subsets/{subset}/neighbours.parquet",
        scales="results/{campaign}/subsets/{subset}/scales.parquet",
    output:
        found="results/{campaign}/subsets/{subset}/disguises.parquet",
    pathvars:
        job="unmask/{subset}",
    resources:
        gpu=search_on_gpu,
        device=search_device,
        mem_mb=memory("unmask"),
        runtime=runtime("unmask"),
    params:
        code=code("unmask", spaces),
        settings=lambda wildcards: as_json(neighbours=search_settings(wildcards)),
    message:
        "search copies in disguise in {wildcards.subset}"


use rule job as disguises with:
    input:
        lambda wildcards: [
            f"results/{wildcards.campaign}/subsets/{subset}/disguises.parquet"
            for subset in subset_names(campaign_of(wildcards))
        ],
        config="results/{campaign}/settings.yaml",
    output:
        disguises=table("disguises"),
    pathvars:
        job="disguises",
    resources:
        mem_mb=memory("disguises"),
        runtime=runtime("disguises"),
    params:
        code=code("disguises"),
    message:
        "gather which disguises are seen through"


use rule job as summarise with:
    input:
        unpack(missing_of),
        every_run("measures.parquet"),
        every_run("history.parquet", "trained"),
        every_denoiser("convergence.parquet"),
        every_denoiser("receptive_field.parquet"),
        every_law("law.parquet"),
        config="results/{campaign}/settings.yaml",
    output:
        runs=table("runs"),
        measures=table("measures"),
        convergence=table("convergence"),
        controls=table("controls"),
        laws=table("laws"),
        receptive_fields=table("receptive_fields"),
    pathvars:
        job="summarise",
    resources:
        mem_mb=memory("summarise"),
        runtime=runtime("summarise"),
    params:
        code=code("summarise"),
    message:
        "gather all runs into tables"


use rule job as copied with:
    input:
        unpack(missing_of),
        every_run("sample_measures.parquet"),
        every_run("neighbours.parquet"),
        every_subset("train.parquet", "neighbours.parquet", "scales.parquet"),
        config="results/{campaign}/settings.yaml",
    output:
        copied=table("copied"),
        copied_first=table("copied_first"),
    pathvars:
        job="copied",
    resources:
        mem_mb=memory("copied"),
        runtime=runtime("copied"),
    params:
        code=code("copied", spaces),
    message:
        "tell which training images are copied"


use rule job as phase with:
    input:
        measures="results/{campaign}/measures.parquet",
    output:
        phase=table("phase"),
    pathvars:
        job="phase",
    resources:
        mem_mb=memory("phase"),
        runtime=runtime("phase"),
    params:
        code=code("phase"),
    message:
        "find up to how many training images each denoiser copies"


use rule job as times with:
    input:
        convergence="results/{campaign}/convergence.parquet",
        measures="results/{campaign}/measures.parquet",
    output:
        times=table("times"),
        slopes=table("slopes"),
    pathvars:
        job="times",
    resources:
        mem_mb=memory("times"),
        runtime=runtime("times"),
    params:
        code=code("times"),
    message:
        "tell when trainings copy and when they generalise"


use rule job as check with:
    input:
        controls="results/{campaign}/controls.parquet",
        measures="results/{campaign}/measures.parquet",
    output:
        checked="results/{campaign}/controls.checked",
    pathvars:
        job="check",
    resources:
        mem_mb=memory("check"),
        runtime=runtime("check"),
    params:
        code=code("check"),
        settings=lambda wildcards: as_json(
            repeats=campaign_of(wildcards).dataset.repeats
        ),
    message:
        "check that every control is within its bounds"
