rule calibrate:
    input:
        model=lambda wildcards: network_of(wildcards).file(
            Path("results", wildcards.campaign), FILES["model"]
        ),
        train="results/{campaign}/subsets/{subset}/train.parquet",
    output:
        "results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/patches.parquet",
    log:
        "results/{campaign}/logs/calibrate/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/calibrate/{subset}-{denoiser}-{seed}.tsv"
    wildcard_constraints:
        denoiser=calibrated_names(),
    priority: 10
    conda:
        "../../environment.yml"
    threads: 1
    resources:
        device=device,
        mem_mb=8000,
        runtime=240,
    params:
        code=calibration_code,
        settings=lambda wildcards: as_json(
            family=run_of(wildcards).config,
            network=network_of(wildcards).config,
            sampling=sampling(wildcards),
        ),
    message:
        "calibrate {wildcards.denoiser} on {wildcards.subset} by a trained network"
    shell:
        "python workflow/scripts/calibrate.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --threads {threads} --device {resources.device}"
        " --train {input.train} --model {input.model} --out {output} 2> {log}"
