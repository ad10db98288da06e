"""Copies the results of a campaign to MLflow: one experiment, with a parent run for the campaign and a child run for each run.

The files in `results/` are authoritative. A run in MLflow is left alone while it agrees with them, and replaced where it does not.
"""

import hashlib
import json
import logging
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")

import mlflow
import numpy as np
from alembic.script import ScriptDirectory
from mlflow.entities import Experiment, LifecycleStage, Metric, Param, RunTag, ViewType
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
from creativity.measures.classes import NAMES, column
from creativity.running.user import user_name

logging.getLogger("urllib3").setLevel(logging.ERROR)  # an unreachable server is reported by one UserError instead
KIND = {"mlflow.experimentKind": "custom_model_development"}  # the MLflow UI then shows the views for training, not those for chat
BATCH = 900  # metrics in one call; a server accepts 1000 values in all
FIRST_CALL = {
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
}  # for the first call, so that an unreachable server is noticed soon
PARENT = "mlflow.parentRunId"
CURRENT = "current"  # a tag: "no" for a run that is out of date or no longer in the configuration, else "yes"
VIEW = "creativity"  # the key by which a link names the shared view of an experiment
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"
LEADING = "nearest_distance"  # the measure by which the view sorts
COLUMNS = {  # of the view, beside the name of the run; MLflow sorts those of a kind by their names
    "metrics": (*(column(name) for name in NAMES), "copies", "loss", "memorised", LEADING, "real"),
    "params": ("parameters",),
    "tags": ("kind",),
}
ARTIFACTS = "_MLFLOW_SERVER_ARTIFACT_ROOT"  # else MLflow writes the working folder into SQL, whose quotes a name with quotes breaks
NO_STORE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)  # the last: it has no such table
NOT_SHOWN = ("batch_size", "device")  # settings that do not affect results


def track(root: Path, uri: str | None) -> dict[str, str]:
    """Brings the MLflow store up to date with the results in `root` and returns {run key: MLflow run id}.

    A run with unchanged content is left alone. One with changed content is written again, and then the old one is deleted. One that
    is no longer in the configuration is tagged and detached from the parent.
    uri: of a server or store; None: results/mlflow/mlflow.db. Raises UserError where the store cannot be reached.
    """
    campaign = resolve(read(root / "config.yaml"), str(root / "config.yaml"))
    try:
        client, experiment = open_store(root.parent / "mlflow", campaign.campaign, uri)
        share_view(client, experiment)
        tracked = existing(client, experiment, uri)
        parent = write_parent(client, experiment, tracked.pop("campaign", []), root, campaign)
        ids, configured = {}, {run.key for run in runs(campaign)}
        for results in (load(root, campaign, subset) for subset in dict.fromkeys(run.subset for run in runs(campaign))):
            for run in results.available_runs:
                ids[run.key] = bring_up_to_date(client, experiment, tracked.pop(run.key, []), results, run)
                place(client, ids[run.key], {PARENT: parent, CURRENT: "yes"}, name_of(run))
        for outdated in (run for versions in tracked.values() for run in versions):
            key = outdated.data.tags["key"]
            reason = "not up to date" if key in configured else "no longer in the configuration"
            place(client, outdated.info.run_id, {PARENT: None, CURRENT: "no"}, f"{key.replace('/', ' ')} ({reason})")
        return ids
    except (MlflowException, SQLAlchemyError, sqlite3.Error, OSError) as error:
        where = uri or "results/mlflow/mlflow.db"
        raise UserError(f"tracking.uri: found no working MLflow store at {where} ({str(error).splitlines()[0][:200]}).") from None


def open_store(folder: Path, name: str, uri: str | None) -> tuple[MlflowClient, str]:
    """The MLflow client, and the id of the campaign's experiment, which is created if necessary. folder: of the local store.

    An experiment that was deleted in the local store is restored. Raises UserError where one was deleted in another store.
    """
    client = MlflowClient(uri or local_store(folder))
    with environment(FIRST_CALL):
        experiment = client.get_experiment_by_name(name)
    if experiment is not None:
        if experiment.lifecycle_stage == LifecycleStage.DELETED:
            restore(client, experiment, uri)
        return client, str(experiment.experiment_id)
    artifacts = None if uri else (folder / "artifacts" / name).resolve().as_uri()
    try:
        return client, str(client.create_experiment(name, artifact_location=artifacts, tags=KIND))
    except MlflowException:  # another training has created it in the meantime
        experiment = client.get_experiment_by_name(name)
        if experiment is None:
            raise
        return client, str(experiment.experiment_id)


def restore(client: MlflowClient, experiment: Experiment, uri: str | None) -> None:
    """Undoes that an experiment of the local store was deleted, since results/ is the truth. Raises UserError for another store."""
    id_, name = experiment.experiment_id, experiment.name
    if uri:
        raise UserError(
            f"tracking.uri: found the experiment {name!r} deleted at {uri}; allowed: one that is not; restore it "
            f"(MLFLOW_TRACKING_URI={uri} mlflow experiments restore -x {id_}), or give the campaign another name."
        )
    client.restore_experiment(id_)


def share_view(client: MlflowClient, experiment: str) -> None:
    """Brings the view with the columns that matter up to date, a tag of the experiment, which a link names by its key."""
    known = client.get_experiment(experiment)
    text = view(known.creation_time or 0)
    if known.tags.get(VIEW_TAG) != text:
        client.set_experiment_tag(experiment, VIEW_TAG, text)


def view(created: int) -> str:
    """A shared view of MLflow's page as JSON: its name, times in ms, and the state of the table of runs, JSON itself."""
    columns = [f"{kind}.`{name}`" for kind, names in COLUMNS.items() for name in names]
    state = {"selectedColumns": columns, "orderByKey": f"metrics.`{LEADING}`", "orderByAsc": True}
    return json.dumps({"name": "copied or created", "createdAt": created, "updatedAt": created, "state": json.dumps(state)})


def link(address: str, experiment: str) -> str:
    """The address of that view on a server.

    >>> link("http://127.0.0.1:5000", "1")
    'http://127.0.0.1:5000/#/experiments/1/runs?workflowType=machine_learning&viewStateShareKey=creativity'
    """
    return f"{address}/#/experiments/{experiment}/runs?workflowType=machine_learning&viewStateShareKey={VIEW}"


def local_store(folder: Path) -> str:
    """The address of the store in a folder.

    It is created anew where there is none, where the folder has been moved, and where it is no store: it is a view of the results.
    """
    path, location = folder / "mlflow.db", folder / "artifacts" / "here"
    if not location.exists() or location.read_text() != str(folder.resolve()) or not usable(path):
        forget(folder)
        artifacts = {ARTIFACTS: (folder / "artifacts").resolve().as_uri()}
        with store.whole(path) as partial, environment(artifacts):  # if killed now, it leaves no store instead of half of one
            MlflowClient(f"sqlite:///{partial.resolve()}").search_experiments()
        location.parent.mkdir()
        location.write_text(str(folder.resolve()))
    return f"sqlite:///{path.resolve()}"


def usable(path: Path) -> bool:
    """Whether a file is a whole database of this version of MLflow. Raises sqlite3.Error where that is unknown: it is locked."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as database:
            whole = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            versions = database.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in NO_STORE:
            return False
        raise
    migrations = Path(mlflow.__file__).parent / "store/db_migrations"
    return whole and versions == [(ScriptDirectory(str(migrations)).get_current_head(),)]


def forget(folder: Path) -> None:
    """Deletes a local store: its database, its artifacts, and the markers of the runs tracked in it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "artifacts", ignore_errors=True)
    for path in (*folder.glob("mlflow.db*"), *folder.glob("*.tracked")):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Sets environment variables within a `with` block."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def existing(client: MlflowClient, experiment: str, uri: str | None) -> dict[str, list[MlflowRun]]:
    """{key: MLflow runs} of this campaign; on a server, of this user alone. Unfinished runs are deleted."""
    by_key: dict[str, list[MlflowRun]] = {}
    token = None
    while True:
        page = client.search_runs([experiment], "tags.key != ''", ViewType.ACTIVE_ONLY, max_results=1000, page_token=token)
        for run in page:
            if uri and run.data.tags.get("mlflow.user") != user_name():
                continue
            if "content_hash" in run.data.tags:
                by_key.setdefault(run.data.tags["key"], []).append(run)
            else:
                client.delete_run(run.info.run_id)
        token = page.token
        if not token:
            return by_key


def write_parent(client: MlflowClient, experiment: str, old: list[MlflowRun], root: Path, campaign: Campaign) -> str:
    """The id of the campaign's run, with page, figures, tables and configuration as artifacts. old: its earlier versions."""
    figures = [root / "figures" / f"{name}.html" for name in figure_names(campaign)]
    tables = [path for path in sorted(root.glob("*.parquet")) if path.name != "reference.parquet"]
    files = [root / "config.yaml", root / "report.html", *tables, *filter(Path.exists, figures)]
    content = store.digest(files={path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    if old and old[0].data.tags["content_hash"] == content:
        return str(old[0].info.run_id)
    tags = {"key": "campaign", "campaign": campaign.campaign, "kind": "campaign", "mlflow.user": user_name()}
    id_ = old[0].info.run_id if old else client.create_run(experiment, run_name=campaign.campaign, tags=tags).info.run_id
    for path in files:
        client.log_artifact(id_, str(path), "figures" if path in figures else None)
    client.set_tag(id_, "content_hash", content)
    client.set_terminated(id_)
    return str(id_)


def place(client: MlflowClient, id_: str, tags: Mapping[str, str | None], name: str) -> None:
    """Sets the tags (None: deletes the tag) and the name of a run, where they differ."""
    run = client.get_run(id_)
    for key, value in tags.items():
        if value is None and key in run.data.tags:
            client.delete_tag(id_, key)
        elif value is not None and run.data.tags.get(key) != value:
            client.set_tag(id_, key, value)
    if run.info.run_name != name:
        client.update_run(id_, name=name)


def bring_up_to_date(client: MlflowClient, experiment: str, old: list[MlflowRun], results: Results, run: Run) -> str:
    """The id of the MLflow run with the current content of a run, written if necessary; its other versions `old` are deleted."""
    content = content_hash(results, run)
    current = [version for version in old if version.data.tags["content_hash"] == content]
    id_ = str(current[0].info.run_id) if current else write(client, experiment, results, run, content)
    for version in old:
        if version.info.run_id != id_:
            client.delete_run(version.info.run_id)
    return id_


def content_hash(results: Results, run: Run) -> str:
    """A hash of everything that MLflow shows of a run, except the training time."""
    files = [run.file(results.root, name) for name in ("samples.parquet", "neighbours.parquet")]
    metrics = [(key, repr(value), step) for key, value, step in values(results, run)]
    contents = [store.footer(path)["content_hash"] for path in files]
    return store.digest(files=contents, params=params(results, run), values=metrics)


def name_of(run: Run) -> str:
    return f"{run.denoiser} {run.subset} seed{run.seed}"


def write(client: MlflowClient, experiment: str, results: Results, run: Run, content: str) -> str:
    """Writes a new MLflow run and returns its id. The content hash is set last, so that an unfinished run can be recognised."""
    measured, now = [*values(results, run), *seconds(results, run)], int(time.time() * 1000)
    duration = sum(value for _, value, _ in seconds(results, run))  # MLflow shows that of the training, not that of this function
    created = client.create_run(experiment, start_time=now - int(1000 * duration), run_name=name_of(run), tags=tags(results, run))
    id_ = str(created.info.run_id)
    metrics = [Metric(key, value, now, step) for key, value, step in measured if np.isfinite(value)]
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
    """The row of a run in the table of runs."""
    table = results.runs
    return dict(table[(table["denoiser"] == run.denoiser) & (table["seed"] == run.seed)].iloc[0])


def tags(results: Results, run: Run) -> dict[str, str]:
    commit = store.footer(run.file(results.root, "samples.parquet"))["git_commit"]
    named = {"key": run.key, "campaign": results.campaign.campaign, "subset": run.subset, "denoiser": run.denoiser}
    named |= {"seed": str(run.seed), "family": run.family, "kind": run.kind, "git_commit": commit}
    return named | {"mlflow.source.git.commit": commit, "mlflow.source.name": "snakemake", "mlflow.user": user_name()}


def params(results: Results, run: Run) -> dict[str, Any]:
    """The options of the run by name, and the settings of the campaign as "section.name"."""
    row, settings = row_of(results, run), plain(results.campaign)
    sections = ("dataset", "subsets", "sampling", *(["training"] if run.kind == "trained" else []))
    by_name = {
        f"{section}.{key}": value for section in sections for key, value in settings[section].items() if key not in NOT_SHOWN
    }
    by_name |= {"n": run.n, "training_seed": run.seed, "status": row["status"]}
    by_name |= {key: int(row[key]) for key in ("parameters", "receptive_field") if row[key] == row[key]}
    return by_name | {key: json.dumps(value) if isinstance(value, list | dict) else value for key, value in run.config.items()}


def values(results: Results, run: Run) -> Iterator[tuple[str, float, int]]:
    """(metric, value, step) of the training history, of the measures at checkpoints, and of the final measures with intervals."""
    if run.kind == "trained":
        for row in store.read(run.file(results.root, "history.parquet")).to_pylist():
            for key in ("loss", "learning_rate", "grad_norm"):
                yield key, row[key], row["step"]
    steps = results.campaign.sampling.steps
    for row in rows_of(results.convergence, run):
        doubled = "_doubled_steps" if row["sampling_steps"] != steps else ""
        prefix = "checkpoint_" if not doubled else ""
        yield f"{prefix}{row['measure']}{doubled}", row["value"], row["step"]
    for row in rows_of(results.measures, run):
        name = row["measure"] + ("" if row["space"] in ("pixel", "tile") else f"_{row['space']}")
        for suffix, key in (("", "value"), ("_low", "low"), ("_high", "high")):
            yield name + suffix, row[key], 0


def seconds(results: Results, run: Run) -> Iterator[tuple[str, float, int]]:
    """(metric, value, step) of the training time, which differs when the training is repeated."""
    if run.kind == "trained":
        yield "seconds", float(row_of(results, run)["seconds"]), 0


def rows_of(table: Any, run: Run) -> list[dict[str, Any]]:
    """The rows of a run in a table of its subset."""
    return list(table[(table["denoiser"] == run.denoiser) & (table["seed"] == run.seed)].to_dict("records"))
