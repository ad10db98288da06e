# Figures, and the same at print size.


use rule job as plot with:
    input:
        every_run("sample_measures.parquet"),
        every_run("losses.parquet", "trained"),
        tables(
            "runs",
            "measures",
            "convergence",
            "laws",
            "pairs",
            "receptive_fields",
            "judges",
            "disguises",
            "copied",
            "copied_first",
        ),
        "results/{campaign}/judge.safetensors",
        config="results/{campaign}/settings.yaml",
    output:
        html=[figure("html", name, "{subset}") for name in FIGURES],
        svg=[figure("svg", name, "{subset}") for name in FIGURES],
    pathvars:
        job="plot/{subset}",
    resources:
        mem_mb=memory("plot"),
        runtime=runtime("plot"),
    params:
        code=code_hash("plot", modules("figures", *FIGURES)),
        settings=lambda wildcards: as_json(
            figures=FIGURES, subset=wildcards.subset, colours=COLOURS
        ),
    message:
        "draw the figures of {wildcards.subset}"


use rule job as plot_phase with:
    input:
        tables("runs", "measures", "convergence", "phase", "pairs"),
        config="results/{campaign}/settings.yaml",
    output:
        html=figure("html", "phase"),
        svg=figure("svg", "phase"),
    pathvars:
        job="plot_phase",
    resources:
        mem_mb=memory("plot_phase"),
        runtime=runtime("plot_phase"),
    params:
        code=code_hash("plot_phase", modules("figures", "phase")),
        settings=as_json(figures=["phase"], subset=None, colours=COLOURS),
    message:
        "draw the phases across subsets"


use rule job as plot_times with:
    input:
        tables("runs", "measures", "convergence", "times", "slopes"),
        config="results/{campaign}/settings.yaml",
    output:
        html=figure("html", "times"),
        svg=figure("svg", "times"),
    pathvars:
        job="plot_times",
    resources:
        mem_mb=memory("plot_times"),
        runtime=runtime("plot_times"),
    params:
        code=code_hash("plot_times", modules("figures", "times")),
        settings=as_json(figures=["times"], subset=None, colours=COLOURS),
    message:
        "draw when trainings copy and when they generalise"


use rule job as plot_claims with:
    input:
        tables("runs", "measures", "convergence", "claims"),
        config="results/{campaign}/settings.yaml",
    output:
        html=figure("html", "claims"),
        svg=figure("svg", "claims"),
    pathvars:
        job="plot_claims",
    resources:
        mem_mb=memory("plot_claims"),
        runtime=runtime("plot_claims"),
    params:
        code=code_hash("plot_claims", modules("figures", "claims")),
        settings=as_json(figures=["claims"], subset=None, colours=COLOURS),
    message:
        "draw which differences hold over trainings"


use rule job as paper with:
    input:
        figure="results/{campaign}/figures/{name}.svg",
        caption=caption_of,
    output:
        svg="results/{campaign}/paper/{name}.svg",
        pdf="results/{campaign}/paper/{name}.pdf",
        txt="results/{campaign}/paper/{name}.txt",
    pathvars:
        job="paper/{name}",
    resources:
        mem_mb=memory("paper"),
        runtime=runtime("paper"),
    params:
        code=code("paper"),
        settings=paper_settings,
    message:
        "bring {wildcards.name} to the size of a page"


rule figures:
    input:
        [path for campaign in CAMPAIGNS for path in paper_figures(campaign)],
    message:
        "all figures are at print size"
