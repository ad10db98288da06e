# MLflow's view of the results.


use rule job as track with:
    input:
        lambda wildcards: figures(wildcards.campaign),
        tables("runs", "measures"),
        "results/{campaign}/report.html",  # asks for all files of all runs, which may be many thousand: they are not listed again
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
