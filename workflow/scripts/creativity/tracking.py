"""MLflow as a view of the results: one experiment a campaign, one run a run. The only place that knows MLflow."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")

import numpy as np
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.entities import Run as MlflowRun
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from creativity import store
from creativity.errors import UserError
from creativity.figures.gallery import cells, contact_sheet
from creativity.figures.results import Results, load
from creativity.layout import Run, runs
from creativity.validate import plain, read, resolve

KIND = {"mlflow.experimentKind": "custom_model_development"}  # the UI shows the views for training, not those for chat
BATCH = 900  # metrics in one call; a server takes 1000


def track(root: Path, uri: str | None) -> dict[str, str]:
    """Brings the store up to date with the results in `root` and returns the MLflow run id of each run.

    A run whose content has not changed is left alone; one whose content has changed is written anew before its old one is
    deleted. uri: of a server or store; None: $MLFLOW_TRACKING_URI, else results/mlflow/mlflow.db. Raises UserError where the store
    cannot be reached.
    """
    campaign = resolve(read(root / "config.yaml"), str(root / "config.yaml"))
    uri = uri or os.environ.get("MLFLOW_TRACKING_URI")
    try:
        client, experiment = open_store(root, campaign.campaign, uri)
        known = existing(client, experiment)
        ids = {}
        for results in (load(root, campaign, subset) for subset in dict.fromkeys(run.subset for run in runs(campaign))):
            for run in results.every:
                ids[run.key] = bring_up_to_date(client, experiment, known.get(run.key, []), results, run)
        return ids
    except (MlflowException, OSError) as error:
        where = uri or "results/mlflow/mlflow.db"
        raise UserError(f"tracking.uri: found no working MLflow store at {where} ({str(error).splitlines()[0][:200]}).") from None


def open_store(root: Path, name: str, uri: str | None) -> tuple[MlflowClient, str]:
    """The client, and the id of the campaign's experiment, made where it is not there yet."""
    folder = root.parent / "mlflow"
    if uri is None:
        folder.mkdir(parents=True, exist_ok=True)
    client = MlflowClient(uri or f"sqlite:///{(folder / 'mlflow.db').resolve()}")
    found = client.get_experiment_by_name(name)
    if found is not None:
        return client, str(found.experiment_id)
    place = None if uri else (folder / "artifacts" / name).resolve().as_uri()
    return client, str(client.create_experiment(name, artifact_location=place, tags=KIND))


def existing(client: MlflowClient, experiment: str) -> dict[str, list[MlflowRun]]:
    """The runs in the store by key. Runs that were never finished are deleted."""
    found: dict[str, list[MlflowRun]] = {}
    token = None
    while True:
        page = client.search_runs([experiment], run_view_type=ViewType.ACTIVE_ONLY, max_results=1000, page_token=token)
        for run in page:
            if "content_hash" in run.data.tags:
                found.setdefault(run.data.tags["key"], []).append(run)
            else:
                client.delete_run(run.info.run_id)
        token = page.token
        if not token:
            return found


def bring_up_to_date(client: MlflowClient, experiment: str, old: list[MlflowRun], results: Results, run: Run) -> str:
    """The id of the MLflow run that shows this run as it is now."""
    content = content_hash(results, run)
    current = [other for other in old if other.data.tags["content_hash"] == content]
    kept = str(current[0].info.run_id) if current else write(client, experiment, results, run, content)
    for other in old:
        if other.info.run_id != kept:
            client.delete_run(other.info.run_id)
    return kept


def content_hash(results: Results, run: Run) -> str:
    """Of all that is shown of a run."""
    names = ["samples.parquet", "measures.parquet", "neighbours.parquet"]
    files = [run.file(results.root, name) for name in (*names, *(["history.parquet"] if run.kind == "trained" else []))]
    return store.digest(files=[store.footer(path)["content_hash"] for path in files])


def write(client: MlflowClient, experiment: str, results: Results, run: Run, content: str) -> str:
    """A new MLflow run with everything that is shown; its content hash comes last, so that half a run is known as such."""
    created = client.create_run(experiment, run_name=f"{run.denoiser} {run.subset} seed{run.seed}", tags=tags(results, run))
    id_ = str(created.info.run_id)
    client.log_batch(id_, params=[Param(key, str(value)) for key, value in params(results, run).items()])
    now = int(time.time() * 1000)
    metrics = [Metric(key, value, now, step) for key, value, step in values(results, run) if np.isfinite(value)]
    for start in range(0, len(metrics), BATCH):
        client.log_batch(id_, metrics=metrics[start : start + BATCH])
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "gallery.png"
        picture.write_bytes(contact_sheet([cells(results, run)]))
        client.log_artifact(id_, str(picture))
    if run.kind == "trained":
        client.log_artifact(id_, str(run.file(results.root, "model.safetensors")))
    client.log_batch(id_, tags=[RunTag("content_hash", content)])
    client.set_terminated(id_, "FAILED" if row_of(results, run)["status"] == "diverged" else "FINISHED")
    return id_


def row_of(results: Results, run: Run) -> dict[str, Any]:
    table = results.runs
    return dict(table[(table["denoiser"] == run.denoiser) & (table["seed"] == run.seed)].iloc[0])


def tags(results: Results, run: Run) -> dict[str, str]:
    commit = store.footer(run.file(results.root, "samples.parquet"))["git_commit"]
    own = {"key": run.key, "campaign": results.campaign.campaign, "subset": run.subset, "denoiser": run.denoiser}
    own |= {"seed": str(run.seed), "family": run.family, "kind": run.kind, "git_commit": commit}
    return own | {"mlflow.source.git.commit": commit, "mlflow.source.name": "snakemake"}


def params(results: Results, run: Run) -> dict[str, Any]:
    """The run's own options by their names, the campaign's settings with the name of their section."""
    row, settings = row_of(results, run), plain(results.campaign)
    sections = ("dataset", "subsets", "sampling", *(["training"] if run.kind == "trained" else []))
    found = {f"{section}.{key}": value for section in sections for key, value in settings[section].items()}
    found |= {"n": run.n, "training_seed": run.seed, "status": row["status"]}
    found |= {key: int(row[key]) for key in ("parameters", "receptive_field") if row[key] == row[key]}
    return found | {key: json.dumps(value) if isinstance(value, list) else value for key, value in run.config.items()}


def values(results: Results, run: Run) -> Iterator[tuple[str, float, int]]:
    """(metric, value, step): the training curve, the checkpoints, and the measures with their intervals."""
    if run.kind == "trained":
        for row in store.read(run.file(results.root, "history.parquet")).to_pylist():
            for key in ("loss", "learning_rate", "grad_norm"):
                yield key, row[key], row["step"]
    steps = results.campaign.sampling.steps
    for row in mine(results.convergence, run):
        doubled = "_doubled_steps" if row["sampling_steps"] != steps else ""
        prefix = "checkpoint_" if not doubled else ""
        yield f"{prefix}{row['measure']}{doubled}", row["value"], row["step"]
    for row in mine(results.measures, run):
        name = row["measure"] + ("_pca" if row["space"] == "pca" else "")
        for suffix, key in (("", "value"), ("_low", "low"), ("_high", "high")):
            yield name + suffix, row[key], 0


def mine(table: Any, run: Run) -> list[dict[str, Any]]:
    return list(table[(table["denoiser"] == run.denoiser) & (table["seed"] == run.seed)].to_dict("records"))
