# With `training.together` one job trains a denoiser on all subsets of a size with all seeds, and one job of each rule follows them
# all: it does for one run after the other what the rule's own job does for one, and starts once.

if TOGETHER:

    use rule train as train_together with:
        input:
            cost_file,
            train=of_all_seeds("subsets/n{n}-s{s}/train.parquet"),
            heldout=of_all_seeds("subsets/n{n}-s{s}/heldout.parquet"),
        output:
            model=of_all_seeds(f"{RUN}/model.safetensors"),
            checkpoints=of_all_seeds(f"{RUN}/checkpoints.safetensors"),
            history=of_all_seeds(f"{RUN}/history.parquet"),
            losses=of_all_seeds(f"{RUN}/losses.parquet"),
        pathvars:
            job="train/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        resources:
            gpu=on_gpu,
            device=device_of(on_gpu),
            live=live,
            places=places,
            mem_mb=memory("train_together"),
            runtime=runtime("train_together"),
        params:
            code=code("train_together", family),
        message:
            "train {wildcards.denoiser} on {wildcards.n} images, all seeds together"

    use rule sample as sample_together with:
        input:
            cost_file,
            unpack(of_each(trained_together, model_files("model"), train=TRAIN)),
        output:
            samples=of_all_seeds(f"{RUN}/samples.parquet"),
        pathvars:
            job="sample/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        message:
            "draw samples with {wildcards.denoiser} on {wildcards.n} images, all seeds"

    use rule converge as converge_together with:
        input:
            unpack(
                of_each(
                    trained_together,
                    model_files("model", "checkpoints", "losses"),
                    judge_along_training,
                    samples=SAMPLES,
                    train=TRAIN,
                    heldout="results/{campaign}/subsets/{subset}/heldout.parquet",
                    reference=REFERENCE,
                )
            ),
        output:
            convergence=of_all_seeds(f"{RUN}/convergence.parquet"),
        pathvars:
            job="converge/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        message:
            "follow {wildcards.denoiser} on {wildcards.n} images, all seeds, along training and sampling steps"

    use rule explain as explain_together with:
        input:
            cost_file,
            unpack(of_each(trained_together, model_files("model"), train=TRAIN)),
        output:
            explained=of_all_seeds(f"{RUN}/explained.parquet"),
            receptive_field=of_all_seeds(f"{RUN}/receptive_field.parquet"),
        pathvars:
            job="explain/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        message:
            "explain {wildcards.denoiser} on {wildcards.n} images, all seeds, by closed forms"

    use rule neighbours as neighbours_together with:
        input:
            unpack(
                of_each(
                    trained_together,
                    feature_files("sample", "train"),
                    samples=SAMPLES,
                    train=TRAIN,
                    spaces=SPACES,
                )
            ),
        output:
            neighbours=of_all_seeds(f"{RUN}/neighbours.parquet"),
            provenance=of_all_seeds(f"{RUN}/provenance.parquet"),
        pathvars:
            job="neighbours/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        message:
            "search the neighbours of {wildcards.denoiser} on {wildcards.n} images, all seeds"

    use rule judge as judge_together with:
        input:
            unpack(
                of_each(
                    trained_together,
                    samples=SAMPLES,
                    reference=REFERENCE,
                    networks="results/{campaign}/judge.safetensors",
                )
            ),
        output:
            judged=of_all_seeds(f"{RUN}/judged.parquet"),
        pathvars:
            job="judge/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        message:
            "ask the judge about {wildcards.denoiser} on {wildcards.n} images, all seeds"

    use rule measure as measure_together with:
        input:
            unpack(
                of_each(
                    trained_together,
                    critic_file,
                    feature_files("sample", "train", "reference"),
                    **MEASURED,
                )
            ),
        output:
            measures=of_all_seeds(f"{RUN}/measures.parquet"),
            sample_measures=of_all_seeds(f"{RUN}/sample_measures.parquet"),
        pathvars:
            job="measure/n{n}-{denoiser}",
        wildcard_constraints:
            denoiser=trained_names(),
        message:
            "measure {wildcards.denoiser} on {wildcards.n} images, all seeds"
