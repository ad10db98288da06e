# The nearest training images of every sample, and of every tile of it.


use rule job as neighbours with:
    input:
        unpack(feature_files("sample", "train")),
        samples=SAMPLES,
        train=TRAIN,
        spaces=SPACES,
    output:
        neighbours="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/neighbours.parquet",
        provenance="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/provenance.parquet",
    pathvars:
        job="neighbours/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=alone_names(),
    priority: 11  # above trainings: it deletes the state of one
    resources:
        gpu=search_on_gpu,
        device=search_device,
        mem_mb=memory("neighbours"),
        runtime=runtime("neighbours"),
    params:
        code=code("neighbours", spaces),
        settings=lambda wildcards: as_json(
            **section(wildcards, "neighbours", "device")
            | {"tile": campaign_of(wildcards).tile}
        ),
    message:
        "search the neighbours of {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
