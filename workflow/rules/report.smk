rule report:
    input:
        unpack(lambda wildcards: missing(wildcards.campaign)),
        every_run("samples.parquet"),
        every_run("neighbours.parquet"),
        every_run("provenance.parquet"),
        every_run("sample_measures.parquet"),
        every_run("measures.parquet"),
        every_run("model.safetensors", "trained"),
        every_run("history.parquet", "trained"),
        every_run("losses.parquet", "trained"),
        page_tables,
        config="results/{campaign}/settings.yaml",
        reference="results/{campaign}/reference.parquet",
    output:
        report(
            "results/{campaign}/report.html",
            caption="../report/page.rst",
            category="Page",
            labels={"campaign": "{campaign}"},
        ),
    log:
        "results/{campaign}/logs/report.log",
    benchmark:
        "results/{campaign}/benchmarks/report.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=code("report.py"),
        settings=as_json(),
        missing=lambda wildcards, input: options(input, "missing"),
    message:
        "make the page"
    shell:
        "python workflow/scripts/report.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} {params.missing} --out {output} 2> {log}"
