# The page of a campaign, report.html. (Snakemake's own report, which also includes it, is another thing.)


use rule job as report with:
    input:
        unpack(missing_of),
        every_run("samples.parquet"),
        every_run("provenance.parquet"),
        every_run("model.safetensors", "trained"),
        every_run("losses.parquet", "trained"),
        page_tables,  # which ask for measures, neighbours and histories of all runs, maybe many thousand: they are not listed again
        "results/{campaign}/judge.safetensors",
        config="results/{campaign}/settings.yaml",
    output:
        page=report(
            "results/{campaign}/report.html",
            caption="../report/page.rst",
            category="Page",
            labels={"campaign": "{campaign}"},
        ),
    pathvars:
        job="report",
    resources:
        mem_mb=memory("report"),
        runtime=runtime("report"),
    params:
        code=code("report"),
        settings=as_json(colours=COLOURS, study=STUDY),
    message:
        "make the page"
