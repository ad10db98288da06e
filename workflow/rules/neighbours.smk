rule neighbours:
    input:
        samples="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/samples.parquet",
        train="results/{campaign}/subsets/{subset}/train.parquet",
        reference="results/{campaign}/reference.parquet",
    output:
        neighbours="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/neighbours.parquet",
        provenance="results/{campaign}/runs/{subset}/{denoiser}/seed{seed}/provenance.parquet",
    log:
        "results/{campaign}/logs/neighbours/{subset}-{denoiser}-{seed}.log",
    benchmark:
        "results/{campaign}/benchmarks/neighbours/{subset}-{denoiser}-{seed}.tsv"
    conda:
        "../../environment.yml"
    resources:
        gpu=search_on_gpu,
        device=search_device,
        mem_mb=memory(demand.of_comparing),
        runtime=runtime(demand.of_comparing),
    params:
        code=code("neighbours.py"),
        settings=lambda wildcards: as_json(
            **search_settings(wildcards) | {"tile": campaign_of(wildcards).tile}
        ),
    message:
        "search the neighbours of {wildcards.denoiser} on {wildcards.subset}, seed {wildcards.seed}"
    shell:
        "python workflow/scripts/neighbours.py --campaign {wildcards.campaign} --code {params.code}"
        " --device {resources.device}"
        " --params {params.settings:q} --samples {input.samples} --train {input.train}"
        " --reference {input.reference} --out {output.neighbours} --provenance {output.provenance} 2> {log}"
