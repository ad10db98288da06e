# The controls of a subset: one job makes them, and one job of each rule follows them all, as with runs that are trained together.


use rule job as control with:
    input:
        train=TRAIN,
        heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
    output:
        samples=of_all_controls("samples.parquet"),
    pathvars:
        job="control/{subset}",
    resources:
        mem_mb=memory("control"),
        runtime=runtime("control"),
    params:
        code=code("control"),
        settings=lambda wildcards: as_json(
            controls=list(CONTROLS),
            count=campaign_of(wildcards).sampling.count,
            seed=campaign_of(wildcards).sampling.seed,
        ),
    message:
        "make the controls on {wildcards.subset}"


use rule neighbours as neighbours_controls with:
    input:
        unpack(
            of_each(
                controls_of,
                feature_files("sample", "train"),
                samples=SAMPLES,
                train=TRAIN,
                spaces=SPACES,
            )
        ),
    output:
        neighbours=of_all_controls("neighbours.parquet"),
        provenance=of_all_controls("provenance.parquet"),
    pathvars:
        job="neighbours/{subset}-controls",
    message:
        "search the neighbours of the controls on {wildcards.subset}"


use rule judge as judge_controls with:
    input:
        unpack(
            of_each(
                controls_of,
                samples=SAMPLES,
                reference=REFERENCE,
                networks="results/{campaign}/judge.safetensors",
            )
        ),
    output:
        judged=of_all_controls("judged.parquet"),
    pathvars:
        job="judge/{subset}-controls",
    message:
        "ask the judge about the controls on {wildcards.subset}"


use rule measure as measure_controls with:
    input:
        unpack(
            of_each(
                controls_of,
                critic_file,
                feature_files("sample", "train", "reference"),
                **MEASURED,
            )
        ),
    output:
        measures=of_all_controls("measures.parquet"),
        sample_measures=of_all_controls("sample_measures.parquet"),
    pathvars:
        job="measure/{subset}-controls",
    message:
        "measure the controls on {wildcards.subset}"
