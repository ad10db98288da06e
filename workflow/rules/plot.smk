rule plot:
    input:
        every_run("sample_measures.parquet"),
        every_run("losses.parquet", "trained"),
        config="results/{campaign}/settings.yaml",
        runs="results/{campaign}/runs.parquet",
        measures="results/{campaign}/measures.parquet",
        convergence="results/{campaign}/convergence.parquet",
        laws="results/{campaign}/laws.parquet",
        pairs="results/{campaign}/pairs.parquet",
        receptive_fields="results/{campaign}/receptive_fields.parquet",
    output:
        html=figure("html", "{figure}", "{subset}"),
        svg=figure("svg", "{figure}", "{subset}"),
    log:
        "results/{campaign}/logs/plot/{figure}-{subset}.log",
    benchmark:
        "results/{campaign}/benchmarks/plot/{figure}-{subset}.tsv"
    wildcard_constraints:
        figure="|".join(FIGURES),
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=lambda wildcards: code_hash(
            "plot.py", [f"creativity.figures.{wildcards.figure}"]
        ),
        settings=lambda wildcards: as_json(
            figure=wildcards.figure, subset=wildcards.subset
        ),
    message:
        "draw {wildcards.figure} of {wildcards.subset}"
    shell:
        "python workflow/scripts/plot.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} --html {output.html} --svg {output.svg} 2> {log}"


rule plot_phase:
    input:
        config="results/{campaign}/settings.yaml",
        runs="results/{campaign}/runs.parquet",
        measures="results/{campaign}/measures.parquet",
        convergence="results/{campaign}/convergence.parquet",
        phase="results/{campaign}/phase.parquet",
        pairs="results/{campaign}/pairs.parquet",
    output:
        html=figure("html", "phase"),
        svg=figure("svg", "phase"),
    log:
        "results/{campaign}/logs/plot/phase.log",
    benchmark:
        "results/{campaign}/benchmarks/plot/phase.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=gathering_memory,
        runtime=gathering_runtime,
    params:
        code=code_hash("plot.py", ["creativity.figures.phase"]),
        settings=as_json(figure="phase", subset=None),
    message:
        "draw the phases across subsets"
    shell:
        "python workflow/scripts/plot.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --config {input.config} --html {output.html} --svg {output.svg} 2> {log}"


rule paper:
    input:
        figure="results/{campaign}/figures/{name}.svg",
        caption=caption_of,
    output:
        svg="results/{campaign}/paper/{name}.svg",
        pdf="results/{campaign}/paper/{name}.pdf",
        txt="results/{campaign}/paper/{name}.txt",
    log:
        "results/{campaign}/logs/paper/{name}.log",
    benchmark:
        "results/{campaign}/benchmarks/paper/{name}.tsv"
    conda:
        "../../environment.yml"
    resources:
        mem_mb=1000,
    params:
        code=code("paper.py"),
        settings=paper_settings,
    message:
        "bring {wildcards.name} to the size of a page"
    shell:
        "python workflow/scripts/paper.py --campaign {wildcards.campaign} --code {params.code}"
        " --params {params.settings:q} --figure {input.figure} --caption {input.caption} --svg {output.svg}"
        " --pdf {output.pdf} --txt {output.txt} 2> {log}"


rule figures:
    input:
        [path for campaign in CAMPAIGNS for path in paper_figures(campaign)],
    message:
        "all figures are at print size"
