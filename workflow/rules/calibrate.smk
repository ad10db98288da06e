# The patch, at each noise level, with which a local closed form is closest to the trained network that it follows.


use rule job as calibrate with:
    input:
        model=lambda wildcards: network_of(wildcards).file(
            Path("results", wildcards.campaign), FILES["model"]
        ),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        patches="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/patches.parquet",
    pathvars:
        job="calibrate/{subset}-{denoiser}-{seed}",
    wildcard_constraints:
        denoiser=calibrated_names(),
    priority: 10
    resources:
        gpu=on_gpu,
        device=device_of(on_gpu),
        places=places,
        mem_mb=memory("calibrate"),
        runtime=runtime("calibrate"),
    params:
        code=code("calibrate", family, network, sampler),
        settings=lambda wildcards: as_json(
            family=options_of(wildcards),
            network=options_of(wildcards, network_of(wildcards)),
            sampling=sampling(wildcards),
        ),
    message:
        "calibrate {wildcards.denoiser} on {wildcards.subset} by a trained network"
