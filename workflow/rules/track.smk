# MLflow's view of the results.


use rule job as track with:
    input:
        lambda wildcards: figures(wildcards.campaign),
        every_run("samples.parquet"),
        every_run("neighbours.parquet"),
        every_run("sample_measures.parquet"),
        every_run("model.safetensors", "trained"),
        every_run("history.parquet", "trained"),
        tables("runs", "measures"),
        "results/{campaign}/report.html",
        ancient(tracked_before),
        config="results/{campaign}/config.yaml",
    output:
        ids="results/{campaign}/mlflow.json",
        marker="results/mlflow/{campaign}.tracked",
    pathvars:
        job="track",
    resources:
        mem_mb=memory("track"),
        runtime=runtime("track"),
    params:
        code=code("track"),
        settings=lambda wildcards: as_json(uri=tracking_uri(wildcards.campaign)),
    message:
        "bring MLflow up to date"
