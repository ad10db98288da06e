rule align:
    input:
        configs=expand("results/{campaign}/settings.yaml", campaign=CAMPAIGNS),
        references=expand("results/{campaign}/reference.parquet", campaign=CAMPAIGNS),
        measures=of_all_campaigns("measures.parquet"),
        samples=of_all_campaigns("samples.parquet"),
    output:
        table("alignment", "study"),
    log:
        "results/{study}/logs/align.log",
    benchmark:
        "results/{study}/benchmarks/align.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=4000,
    params:
        code=code("align.py"),
        settings=as_json(targets=list(CAMPAIGNS)),
    message:
        "set the denoisers of {wildcards.study} against its targets"
    shell:
        "python workflow/scripts/align.py --campaign {wildcards.study} --code {params.code}"
        " --params {params.settings:q} --configs {input.configs} --out {output} 2> {log}"


rule plot_study:
    input:
        table="results/{study}/alignment.parquet",
    output:
        html=figure("html", "alignment", owner="study"),
        svg=figure("svg", "alignment", owner="study"),
    log:
        "results/{study}/logs/plot/alignment.log",
    benchmark:
        "results/{study}/benchmarks/plot/alignment.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=4000,
    params:
        code=code_hash("plot_study.py", ["creativity.figures.alignment"]),
        settings=as_json(figure="alignment"),
    message:
        "draw the alignment of {wildcards.study}"
    shell:
        "python workflow/scripts/plot_study.py --campaign {wildcards.study} --code {params.code}"
        " --params {params.settings:q} --table {input.table} --html {output.html} --svg {output.svg} 2> {log}"
