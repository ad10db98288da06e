"""MLflow as a view of the results: an experiment a campaign, and in it a parent with a run for each run. Nothing else knows MLflow.

`results/` is the truth. What is in the store is left alone while it shows what is there, and is written anew where it does not.
"""

import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from getpass import getuser
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
from sqlalchemy.exc import SQLAlchemyError

from creativity import store
from creativity.campaign.layout import Run, figure_names, runs
from creativity.campaign.sections import Campaign
from creativity.campaign.validation import plain, read, resolve
from creativity.errors import UserError
from creativity.figures.gallery import cells, contact_sheet
from creativity.figures.results import Results, load

logging.getLogger("urllib3").setLevel(logging.ERROR)  # what it says of a dead server is said in one sentence here
KIND = {"mlflow.experimentKind": "custom_model_development"}  # the UI shows the views for training, not those for chat
BATCH = 900  # metrics in one call; a server takes 1000 values of all kinds
FIRST_CALL = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "5", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1"}  # is anybody there?
PARENT = "mlflow.parentRunId"
CURRENT = "current"  # a tag: yes, or no for a run that is not up to date, or no longer in the configuration
NOT_SHOWN = ("batch_size", "device")  # settings that decide no result


def track(root: Path, uri: str | None) -> dict[str, str]:
    """Brings the store up to date with the results in `root` and returns the MLflow run id of each run.

    A run whose content has not changed is left alone; one whose content has changed is written anew before its old one is
    deleted; one that is no longer in the configuration is marked and leaves its parent. uri: of a server or store; None:
    results/mlflow/mlflow.db. Raises UserError where the store cannot be reached.
    """
    campaign = resolve(read(root / "config.yaml"), str(root / "config.yaml"))
    try:
        client, experiment = open_store(root.parent / "mlflow", campaign.campaign, uri)
        known = existing(client, experiment, uri)
        parent = write_parent(client, experiment, known.pop("campaign", []), root, campaign)
        ids, wanted = {}, {run.key for run in runs(campaign)}
        for results in (load(root, campaign, subset) for subset in dict.fromkeys(run.subset for run in runs(campaign))):
            for run in results.every:
                ids[run.key] = bring_up_to_date(client, experiment, known.pop(run.key, []), results, run)
                place(client, ids[run.key], {PARENT: parent, CURRENT: "yes"}, name_of(run))
        for other in (other for left in known.values() for other in left):
            key = other.data.tags["key"]
            why = "not up to date" if key in wanted else "no longer in the configuration"
            place(client, other.info.run_id, {PARENT: None, CURRENT: "no"}, f"{key.replace('/', ' ')} ({why})")
        return ids
    except (MlflowException, SQLAlchemyError, OSError) as error:
        where = uri or "results/mlflow/mlflow.db"
        raise UserError(f"tracking.uri: found no working MLflow store at {where} ({str(error).splitlines()[0][:200]}).") from None


def open_store(folder: Path, name: str, uri: str | None) -> tuple[MlflowClient, str]:
    """The client, and the id of the campaign's experiment, made where it is not there yet."""
    client = MlflowClient(uri or local_store(folder))
    with environment(FIRST_CALL):
        found = client.get_experiment_by_name(name)
    if found is not None:
        return client, str(found.experiment_id)
    artifacts = None if uri else (folder / "artifacts" / name).resolve().as_uri()
    try:
        return client, str(client.create_experiment(name, artifact_location=artifacts, tags=KIND))
    except MlflowException:  # another training was quicker
        found = client.get_experiment_by_name(name)
        if found is None:
            raise
        return client, str(found.experiment_id)


def local_store(folder: Path) -> str:
    """The address of the store in results/, made where there is none, or where there is one that was moved with its folder."""
    path, here = folder / "mlflow.db", folder / "artifacts" / "here"
    if not path.exists() or not here.exists() or here.read_text() != str(folder.resolve()):
        forget(folder)
        with store.whole(path) as partial:  # a kill while it is made leaves none, instead of half of one
            MlflowClient(f"sqlite:///{partial.resolve()}").search_experiments()
        here.parent.mkdir()
        here.write_text(str(folder.resolve()))
    return f"sqlite:///{path.resolve()}"


def forget(folder: Path) -> None:
    """Deletes what is left of a store: its artifacts, and the markers that say what was tracked in it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "artifacts", ignore_errors=True)
    for path in (folder / "mlflow.db", *folder.glob("*.tracked")):
        path.unlink(missing_ok=True)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def existing(client: MlflowClient, experiment: str, uri: str | None) -> dict[str, list[MlflowRun]]:
    """Our runs in the store by key; on a server, only those of this user. Runs that were never finished are deleted."""
    found: dict[str, list[MlflowRun]] = {}
    token = None
    while True:
        page = client.search_runs([experiment], "tags.key != ''", ViewType.ACTIVE_ONLY, max_results=1000, page_token=token)
        for run in page:
            if uri and run.data.tags.get("mlflow.user") != getuser():
                continue
            if "content_hash" in run.data.tags:
                found.setdefault(run.data.tags["key"], []).append(run)
            else:
                client.delete_run(run.info.run_id)
        token = page.token
        if not token:
            return found


def write_parent(client: MlflowClient, experiment: str, old: list[MlflowRun], root: Path, campaign: Campaign) -> str:
    """The id of the campaign's own run, which carries the page, the figures, the tables and the configuration."""
    figures = [root / "figures" / f"{name}.html" for name in figure_names(campaign)]
    tables = [path for path in sorted(root.glob("*.parquet")) if path.name != "reference.parquet"]
    files = [root / "config.yaml", root / "report.html", *tables, *filter(Path.exists, figures)]
    content = store.digest(files={path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    if old and old[0].data.tags["content_hash"] == content:
        return str(old[0].info.run_id)
    own = {"key": "campaign", "campaign": campaign.campaign, "kind": "campaign", "mlflow.user": getuser()}
    id_ = old[0].info.run_id if old else client.create_run(experiment, run_name=campaign.campaign, tags=own).info.run_id
    for path in files:
        client.log_artifact(id_, str(path), "figures" if path in figures else None)
    client.set_tag(id_, "content_hash", content)
    client.set_terminated(id_)
    return str(id_)


def place(client: MlflowClient, id_: str, wanted: Mapping[str, str | None], name: str) -> None:
    """Gives a run these tags (None: no such tag) and this name, where it has others."""
    run = client.get_run(id_)
    for key, value in wanted.items():
        if value is None and key in run.data.tags:
            client.delete_tag(id_, key)
        elif value is not None and run.data.tags.get(key) != value:
            client.set_tag(id_, key, value)
    if run.info.run_name != name:
        client.update_run(id_, name=name)


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
    """Of all that is shown of a run but the time it took."""
    files = [run.file(results.root, name) for name in ("samples.parquet", "neighbours.parquet")]
    shown = [(key, repr(value), step) for key, value, step in values(results, run)]
    contents = [store.footer(path)["content_hash"] for path in files]
    return store.digest(files=contents, params=params(results, run), values=shown)


def name_of(run: Run) -> str:
    return f"{run.denoiser} {run.subset} seed{run.seed}"


def write(client: MlflowClient, experiment: str, results: Results, run: Run, content: str) -> str:
    """A new MLflow run with everything that is shown; its content hash comes last, so that half a run is known as such."""
    shown, now = [*values(results, run), *seconds(results, run)], int(time.time() * 1000)
    took = sum(value for _, value, _ in seconds(results, run))  # so that MLflow's duration is that of the training
    created = client.create_run(experiment, start_time=now - int(1000 * took), run_name=name_of(run), tags=tags(results, run))
    id_ = str(created.info.run_id)
    metrics = [Metric(key, value, now, step) for key, value, step in shown if np.isfinite(value)]
    client.log_batch(id_, params=[Param(key, str(value)) for key, value in params(results, run).items()])
    for start in range(0, len(metrics), BATCH):
        client.log_batch(id_, metrics=metrics[start : start + BATCH])
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "gallery.png"
        picture.write_bytes(contact_sheet([cells(results, run)]))
        client.log_artifact(id_, str(picture))
    if run.kind == "trained":
        client.log_artifact(id_, str(run.file(results.root, "model.safetensors")))
    client.log_batch(id_, tags=[RunTag("content_hash", content)])
    client.set_terminated(id_, "FAILED" if row_of(results, run)["status"] == "diverged" else "FINISHED", now)
    return id_


def row_of(results: Results, run: Run) -> dict[str, Any]:
    table = results.runs
    return dict(table[(table["denoiser"] == run.denoiser) & (table["seed"] == run.seed)].iloc[0])


def tags(results: Results, run: Run) -> dict[str, str]:
    commit = store.footer(run.file(results.root, "samples.parquet"))["git_commit"]
    own = {"key": run.key, "campaign": results.campaign.campaign, "subset": run.subset, "denoiser": run.denoiser}
    own |= {"seed": str(run.seed), "family": run.family, "kind": run.kind, "git_commit": commit}
    return own | {"mlflow.source.git.commit": commit, "mlflow.source.name": "snakemake", "mlflow.user": getuser()}


def params(results: Results, run: Run) -> dict[str, Any]:
    """The run's own options by their names, the campaign's settings with the name of their section."""
    row, settings = row_of(results, run), plain(results.campaign)
    sections = ("dataset", "subsets", "sampling", *(["training"] if run.kind == "trained" else []))
    found = {f"{section}.{key}": value for section in sections for key, value in settings[section].items() if key not in NOT_SHOWN}
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
        name = row["measure"] + ("" if row["space"] in ("pixel", "tile") else f"_{row['space']}")
        for suffix, key in (("", "value"), ("_low", "low"), ("_high", "high")):
            yield name + suffix, row[key], 0


def seconds(results: Results, run: Run) -> Iterator[tuple[str, float, int]]:
    """The time a training took, which is not the same when it is done again."""
    if run.kind == "trained":
        yield "seconds", float(row_of(results, run)["seconds"]), 0


def mine(table: Any, run: Run) -> list[dict[str, Any]]:
    return list(table[(table["denoiser"] == run.denoiser) & (table["seed"] == run.seed)].to_dict("records"))
