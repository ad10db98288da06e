rule track:
    input:
        lambda wildcards: figures(wildcards.campaign),
        every_run("samples.parquet"),
        every_run("neighbours.parquet"),
        every_run("sample_measures.parquet"),
        every_run("model.safetensors", "trained"),
        every_run("history.parquet", "trained"),
        before=ancient(tracked_before),
        config="results/{campaign}/config.yaml",
        runs="results/{campaign}/runs.parquet",
        measures="results/{campaign}/measures.parquet",
        page="results/{campaign}/report.html",
    output:
        ids="results/{campaign}/mlflow.json",
        marker="results/mlflow/{campaign}.tracked",
    log:
        "results/{campaign}/logs/track.log",
    benchmark:
        "results/{campaign}/benchmarks/track.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=code("track.py"),
        settings=lambda wildcards: as_json(uri=tracking_uri(wildcards.campaign)),
    message:
        "bring MLflow up to date"
    shell:
        "python workflow/scripts/track.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} --out {output.ids} --marker {output.marker} 2> {log}"
