# The results of a study, which asks the same of several data sets (targets).


use rule job as align with:
    input:
        expand("results/{campaign}/reference.parquet", campaign=CAMPAIGNS),
        of_all_campaigns("measures.parquet"),
        of_all_campaigns("samples.parquet"),
        configs=expand("results/{campaign}/settings.yaml", campaign=CAMPAIGNS),
    output:
        alignment=table("alignment", "study"),
    pathvars:
        owner="{study}",
        job="align",
    resources:
        mem_mb=memory("align"),
        runtime=runtime("align"),
    params:
        code=code("align"),
        settings=as_json(targets=list(CAMPAIGNS)),
    message:
        "set the denoisers of {wildcards.study} against its targets"


use rule job as plot_study with:
    input:
        table="results/{study}/alignment.parquet",
    output:
        html=figure("html", "alignment", owner="study"),
        svg=figure("svg", "alignment", owner="study"),
    pathvars:
        owner="{study}",
        job="plot/alignment",
    resources:
        mem_mb=memory("plot_study"),
        runtime=runtime("plot_study"),
    params:
        code=code_hash("plot_study", modules("figures", "alignment")),
        settings=as_json(figure="alignment", colours=COLOURS),
    message:
        "draw the alignment of {wildcards.study}"


use rule job as study with:
    input:
        expand("results/{campaign}/explained.parquet", campaign=CAMPAIGNS),
        expand("results/{campaign}/measures.parquet", campaign=CAMPAIGNS),
        configs=expand("results/{campaign}/settings.yaml", campaign=CAMPAIGNS),
        alignment="results/{study}/figures/alignment.svg",
    output:
        page=report(
            "results/{study}/report.html",
            caption="../report/study.rst",
            category="Page",
            labels={"study": "{study}"},
        ),
    pathvars:
        owner="{study}",
        job="study",
    resources:
        mem_mb=memory("study"),
        runtime=runtime("study"),
    params:
        code=code("study"),
        settings=as_json(targets=list(CAMPAIGNS), colours=COLOURS),
    message:
        "make the page of {wildcards.study}"
