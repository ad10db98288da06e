rule plot:
    message:
        "draw {wildcards.figure} of {wildcards.subset}"
    input:
        every_run("sample_measures.parquet"),
        every_run("losses.parquet", "trained"),
        config="results/{campaign}/config.yaml",
        runs="results/{campaign}/runs.parquet",
        measures="results/{campaign}/measures.parquet",
        convergence="results/{campaign}/convergence.parquet",
    output:
        html="results/{campaign}/figures/{figure}-{subset}.html",
        svg="results/{campaign}/figures/{figure}-{subset}.svg",
    log:
        "results/{campaign}/logs/plot/{figure}-{subset}.log",
    params:
        code=lambda wildcards: code_hash("plot.py", [f"creativity.figures.{wildcards.figure}"]),
        settings=lambda wildcards: as_json(figure=wildcards.figure, subset=wildcards.subset),
    wildcard_constraints:
        figure="|".join(FIGURES),
    resources:
        mem_mb=4000,
    benchmark:
        "results/{campaign}/benchmarks/plot/{figure}-{subset}.tsv"
    shell:
        "python workflow/scripts/plot.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} --html {output.html} --svg {output.svg} 2> {log}"
