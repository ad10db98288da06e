pathvars:
    owner="{campaign}",
    job="job",


# The base rule: `run.py` calls the function of the rule's name in jobs/ with the rule's named files. Other rules inherit from it by
# `use rule job as ...`, and set `job` to the name of their log and benchmark file. No target asks for this rule itself.
rule job:
    output:
        "results/{campaign}/<job>",
    log:
        "results/<owner>/logs/<job>.log",
    benchmark:
        "results/<owner>/benchmarks/<job>.tsv"
    params:
        settings=as_json(),
        files=lambda wildcards, input, output: options({**input, **output}),
        machine=machine,
    shell:
        "exec python workflow/scripts/run.py {rule} --campaign {wildcards[0]} --code {params.code}"
        " --settings {params.settings:q} {params.machine} {params.files} 2> {log}"
