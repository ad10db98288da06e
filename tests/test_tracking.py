"""MLflow shows what is in results/, no more and no less, whatever happened to the results, the store or the server before."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from checkout import ROOT
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from creativity import store, tracking
from creativity.campaign.layout import MISSING, figure_names, runs
from creativity.campaign.validation import resolve
from creativity.denoisers.state import save_state
from creativity.errors import UserError
from creativity.measures.classes import NAMES, column
from creativity.measures.registry import SAMPLE_MEASURES
from creativity.neighbours.tables import NEIGHBOURS
from creativity.tracking import track
from creativity.training.live import curve
from creativity.training.trainer import HISTORY, Row

DENOISERS = {"bayes": {"family": "bayes"}, "mlp": {"family": "mlp", "width": 8, "depth": 1}}
RUNS = store.RUN | {"config": store.TEXT, "parameters": store.LONG, "receptive_field": store.LONG}
RUNS |= {"status": store.TEXT, "seconds": store.REAL}
STEPS = 5
CONTROLS = 9


def campaign_of(name="one", denoisers=DENOISERS, sizes=(20,), seeds=(0,), steps=STEPS):
    settings = {"campaign": name, "dataset": {"name": "orl-faces", "size": 8}, "denoisers": denoisers, "seeds": list(seeds)}
    settings |= {"subsets": {"sizes": list(sizes), "heldout": 40, "reference": 60}, "sampling": {"count": 40, "steps": 6}}
    return settings | {"training": {"steps": steps, "device": "cpu"}}


def write_results(results, settings, trained_again=0, seconds=1.0):
    """The files of a campaign that tracking reads, made up: the nearest distance of run i is i, or i + trained_again if trained."""
    campaign = resolve(settings, "test")
    root = results / campaign.campaign
    shutil.rmtree(root, ignore_errors=True)
    (root / "figures").mkdir(parents=True)
    (root / "config.yaml").write_text(yaml.safe_dump(settings))
    (root / "report.html").write_text("<html>the page</html>")
    for name in figure_names(campaign):
        (root / "figures" / f"{name}.html").write_text(f"<html>{name}</html>")
    measures, converge, rows = [], [], []
    pictures = np.zeros((3, 1, 8, 8), dtype=np.float32)
    for i, run in enumerate(runs(campaign)):
        value = float(i + trained_again * (run.kind == "trained"))
        stamp = store.Stamp(campaign.campaign, f"{run.key} {value}", "code", "commit")
        folder = run.file(root, "")
        folder.mkdir(parents=True)
        train = root / "subsets" / run.subset / "train.parquet"
        if not train.exists():
            train.parent.mkdir(parents=True)
            store.write_images(train, {"id": ["a"]}, np.zeros((1, 1, 8, 8), dtype=np.uint8), stamp)
        store.write_samples(folder / "samples.parquet", pictures, np.ones(3, dtype=bool), stamp, {})
        store.write(folder / "neighbours.parquet", NEIGHBOURS, [(s, "pixel", 1, "a", False, 1.0) for s in range(3)], stamp)
        if run.kind == "trained":
            curve = [(s, 8 * s, 0.1 * s, value / s, 0.1, 1.0) for s in range(1, campaign.training.steps + 1)]
            store.write(folder / "history.parquet", HISTORY, curve, stamp)
            save_state(folder / "model.safetensors", {}, {"content_hash": stamp.content_hash})
        rows.append((*run[:6], json.dumps(run.config), 10, None, "trained", seconds if run.kind == "trained" else None))
        measures.append((*run[:6], "nearest_distance", "pixel", value, value - 0.1, value + 0.1, 3))
        if run.kind != "control":
            converge.append((*run[:6], STEPS, 6, "nearest_distance", "pixel", value, np.nan, np.nan, 3))
    stamp = store.Stamp(campaign.campaign, "content", "code", "commit")
    store.write(root / "runs.parquet", RUNS, rows, stamp)
    store.write(root / "measures.parquet", store.RUN | store.MEASURE, measures, stamp)
    steps = {"step": store.LONG, "sampling_steps": store.LONG}
    store.write(root / "convergence.parquet", store.RUN | steps | store.MEASURE, converge, stamp)
    return root


def client_of(results, uri=None):
    return MlflowClient(uri or f"sqlite:///{results}/mlflow/mlflow.db")


def shown(client, name="one"):
    """The runs of a campaign's experiment by their key, the campaign's own among them."""
    experiment = client.get_experiment_by_name(name).experiment_id
    found = client.search_runs([experiment], max_results=1000)
    assert len({run.data.tags["key"] for run in found}) == len(found)
    return {run.data.tags["key"]: run for run in found}


def everything(runs):
    """All that runs have, so that nothing can change unseen."""
    return {key: (vars(run.info), run.data.to_dictionary()) for key, run in runs.items()}


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """A store without runs, which takes seconds to make."""
    folder = tmp_path_factory.mktemp("store") / "mlflow"
    tracking.local_store(folder)
    return folder


@pytest.fixture
def results(tmp_path, empty_store):
    """A folder of results with a store in it."""
    folder = tmp_path / "results"
    shutil.copytree(empty_store, folder / "mlflow")
    (folder / "mlflow/artifacts/here").write_text(str(folder / "mlflow"))
    return folder


def test_a_run_that_is_not_up_to_date_is_marked_and_comes_back(results):
    root = write_results(results, campaign_of())
    before = track(root, None)
    rows = [list(row.values()) for row in store.read(root / "runs.parquet").to_pylist()]
    missing = [[*row[:-2], MISSING, None] if row[2] == "mlp" else row for row in rows]
    stamp = store.Stamp("one", "content", "code", "commit")
    store.write(root / "runs.parquet", RUNS, missing, stamp)
    ids = track(root, None)
    assert before.keys() - ids.keys() == {"n20-s0/mlp/seed0"}
    old = shown(client_of(results))["n20-s0/mlp/seed0"]
    assert old.info.run_name == "n20-s0 mlp seed0 (not up to date)"
    assert old.data.tags["current"] == "no"
    store.write(root / "runs.parquet", RUNS, rows, stamp)
    assert track(root, None) == before
    assert shown(client_of(results))["n20-s0/mlp/seed0"].data.tags["current"] == "yes"


def test_runs_have_parameters_metrics_artifacts_and_a_parent(results):
    root = write_results(results, campaign_of(), seconds=7.0)
    ids = track(root, None)
    client = client_of(results)
    found = shown(client)
    assert ids == {key: run.info.run_id for key, run in found.items() if key != "campaign"}
    assert len(ids) == 2 + CONTROLS
    mlp = found["n20-s0/mlp/seed0"]
    assert mlp.data.params["width"] == "8"
    assert mlp.data.params["training.steps"] == "5"
    assert "sampling.batch_size" not in mlp.data.params
    assert mlp.data.metrics["nearest_distance"] == 1.0
    assert mlp.data.metrics["nearest_distance_low"] == pytest.approx(0.9)
    assert mlp.data.metrics["checkpoint_nearest_distance"] == 1.0
    assert mlp.data.metrics["seconds"] == 7.0
    assert mlp.info.end_time - mlp.info.start_time == 7000
    assert [(x.step, x.value) for x in client.get_metric_history(mlp.info.run_id, "loss")] == [(s, 1 / s) for s in range(1, 6)]
    assert {x.path for x in client.list_artifacts(mlp.info.run_id)} == {"gallery.png", "model.safetensors"}
    parent = found["campaign"].info.run_id
    assert {run.data.tags.get("mlflow.parentRunId") for key, run in found.items() if key != "campaign"} == {parent}
    assert {run.info.status for run in found.values()} == {"FINISHED"}
    files = {x.path for x in client.list_artifacts(parent)}
    assert files == {"config.yaml", "report.html", "figures", "convergence.parquet", "measures.parquet", "runs.parquet"}
    assert len(client.list_artifacts(parent, "figures")) == len(figure_names(resolve(campaign_of(), "test")))


def test_tracking_again_changes_nothing(results):
    root = write_results(results, campaign_of())
    ids = track(root, None)
    before = everything(shown(client_of(results)))
    time.sleep(0.01)
    assert track(root, None) == ids
    assert everything(shown(client_of(results))) == before


def test_a_training_that_gave_the_same_again_changes_nothing(results):
    root = write_results(results, campaign_of(), seconds=1.0)
    ids = track(root, None)
    write_results(results, campaign_of(), seconds=2.0)
    assert track(root, None) == ids


def test_a_retrained_run_replaces_its_old_one(results):
    root = write_results(results, campaign_of())
    before = track(root, None)
    write_results(results, campaign_of(), trained_again=1)
    after = track(root, None)
    assert {key for key in after if after[key] != before[key]} == {"n20-s0/mlp/seed0"}
    found = shown(client_of(results))
    assert len(found) == 1 + 2 + CONTROLS
    assert found["n20-s0/mlp/seed0"].data.metrics["nearest_distance"] == 2.0
    assert found["n20-s0/mlp/seed0"].data.tags["mlflow.parentRunId"] == found["campaign"].info.run_id


def test_a_run_whose_denoiser_left_is_marked_and_comes_back_as_it_was(results):
    root = write_results(results, campaign_of())
    before = track(root, None)
    write_results(results, campaign_of(denoisers={"mlp": DENOISERS["mlp"]}))
    left = "n20-s0/bayes/seed0"
    assert left not in track(root, None)
    found = shown(client_of(results))
    assert found[left].info.run_id == before[left]
    assert found[left].data.tags["current"] == "no"
    assert found[left].info.run_name.endswith("(no longer in the configuration)")
    assert "mlflow.parentRunId" not in found[left].data.tags
    experiment = found[left].info.experiment_id
    assert left not in {r.data.tags["key"] for r in client_of(results).search_runs([experiment], "tags.current = 'yes'")}
    write_results(results, campaign_of())
    assert track(root, None)[left] == before[left]
    back = shown(client_of(results))
    assert back[left].data.tags["current"] == "yes"
    assert back[left].info.run_name == "bayes n20-s0 seed0"
    assert back[left].data.tags["mlflow.parentRunId"] == back["campaign"].info.run_id


def test_what_a_killed_tracking_left_is_finished(results, monkeypatch):
    root = write_results(results, campaign_of())
    calls = []

    def killed(rows):
        calls.append(rows)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return b""

    with monkeypatch.context() as patched:
        patched.setattr(tracking, "contact_sheet", killed)
        with pytest.raises(KeyboardInterrupt):
            track(root, None)
    ids = track(root, None)
    found = shown(client_of(results))
    assert ids == {key: run.info.run_id for key, run in found.items() if key != "campaign"}
    assert all("content_hash" in run.data.tags for run in found.values())


def test_a_store_that_was_moved_is_made_again(results, tmp_path):
    """It holds the old places of its artifacts, and results/ has all that is needed."""
    track(write_results(results, campaign_of()), None)
    moved = results.rename(tmp_path / "moved")
    (moved / "mlflow/other.tracked").touch()
    ids = track(moved / "one", None)
    client = client_of(moved)
    assert len(shown(client)) == 1 + len(ids)
    assert client.get_run(ids["n20-s0/mlp/seed0"]).info.artifact_uri.startswith(moved.as_uri())
    assert not (moved / "mlflow/other.tracked").exists()  # so that the other campaign is tracked in it, too
    assert not results.exists()


def test_a_store_may_lie_in_a_folder_with_quotes_and_braces(tmp_path, monkeypatch):
    folder = tmp_path / 'w{b} [ü]\'s "q"'
    folder.mkdir()
    monkeypatch.chdir(folder)  # whose name MLflow would write into SQL
    ids = track(write_results(folder / "results", campaign_of()), None)
    client = client_of(folder / "results")
    assert len(shown(client)) == 1 + len(ids)
    assert {x.path for x in client.list_artifacts(ids["n20-s0/mlp/seed0"])} == {"gallery.png", "model.safetensors"}


def tracked(root, uri=None):
    """The ids that the entry point writes, or what it says where it fails. MLflow keeps deleted stores open: so in a process."""
    out, marker = root / "mlflow.json", root.parent / "mlflow" / f"{root.name}.tracked"
    files = {"--config": root / "config.yaml", "--ids": out, "--marker": marker}
    options = {"--campaign": root.name, "--code": "x", "--settings": json.dumps({"uri": uri})} | files
    command = [sys.executable, ROOT / "workflow/scripts/run.py", "track", *(word for option in options.items() for word in option)]
    out.unlink(missing_ok=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(out.read_text()) if done.returncode == 0 else done.stderr


@pytest.mark.long
def test_the_life_of_three_campaigns(tmp_path):
    """Three campaigns, a rerun without news and one with, a deleted store, and a dead server."""
    results = tmp_path / "results"
    three = {"a": campaign_of("a"), "b": campaign_of("b", sizes=[20, 30]), "c": campaign_of("c", seeds=[0, 1])}
    roots = {name: write_results(results, settings) for name, settings in three.items()}
    counts = {"a": 2 + CONTROLS, "b": 2 * (2 + CONTROLS), "c": 3 + CONTROLS}

    def check(name, trained_again=0):
        copied = shutil.copy(results / "mlflow/mlflow.db", tmp_path / f"{time.monotonic_ns()}.db")
        found = shown(client_of(None, f"sqlite:///{copied}"), name)
        assert len(found) == 1 + counts[name]
        for i, run in enumerate(runs(resolve(three[name], "test"))):
            data = found[run.key].data
            assert data.metrics["nearest_distance"] == i + trained_again * (run.kind == "trained")
            assert (data.params["n"], data.params["training_seed"]) == (str(run.n), str(run.seed))
            assert (data.tags["campaign"], data.tags["current"]) == (name, "yes")

    ids = {name: tracked(root) for name, root in roots.items()}
    assert [len(found) for found in ids.values()] == list(counts.values())
    assert tracked(roots["a"]) == ids["a"]
    write_results(results, three["b"], trained_again=1)
    again = tracked(roots["b"])
    assert {key for key in again if again[key] != ids["b"][key]} == {"n20-s0/mlp/seed0", "n30-s0/mlp/seed0"}
    check("a")
    check("b", 1)
    check("c")
    (results / "mlflow/mlflow.db").unlink()
    rebuilt = tracked(roots["a"])
    assert not set(rebuilt.values()) & set(ids["a"].values())
    assert [path.name for path in (results / "mlflow").glob("*.tracked")] == ["a.tracked"]  # the others are to be tracked again
    assert len(tracked(roots["b"])) == counts["b"]
    began = time.monotonic()
    told = tracked(roots["c"], "http://127.0.0.1:9")
    assert re.fullmatch(r"tracking.uri: found no working MLflow store at http://127.0.0.1:9 \(.*\)\.\n", told)
    assert time.monotonic() - began < 60
    assert not (roots["c"] / "mlflow.json").exists()
    assert len(tracked(roots["c"])) == counts["c"]
    check("a")
    check("b", 1)
    check("c")


def test_other_people_s_runs_on_a_server_are_left_alone(tmp_path, monkeypatch):
    uri = f"sqlite:///{tmp_path}/server.db"
    client = MlflowClient(uri)
    experiment = client.create_experiment("one", artifact_location=(tmp_path / "artifacts").as_uri())
    hand_made = client.create_run(experiment, run_name="by hand").info.run_id
    root = write_results(tmp_path, campaign_of())
    monkeypatch.setattr(tracking, "user_name", lambda: "somebody")
    theirs = track(root, uri)
    monkeypatch.setattr(tracking, "user_name", lambda: "me")
    write_results(tmp_path, campaign_of(), trained_again=1)
    mine = track(root, uri)
    assert not set(theirs.values()) & set(mine.values())
    active = {run.info.run_id for run in client.search_runs([experiment], max_results=1000)}
    assert {hand_made, *theirs.values(), *mine.values()} <= active
    assert len(active) == 1 + 2 * (1 + 2 + CONTROLS)


@contextmanager
def server_of(folder):
    """An MLflow server; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    uri = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder}/server.db"]
    command += ["--port", str(port), "--artifacts-destination", str(folder / "served"), "--workers", "1"]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(f"{uri}/health", server)
        yield uri
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


@pytest.mark.long
def test_a_server_by_its_address(tmp_path):
    root = write_results(tmp_path / "results", campaign_of())
    with server_of(tmp_path) as uri:
        ids = track(root, uri)
        before = everything(shown(client_of(None, uri)))
        assert len(before) == 1 + len(ids)
        assert track(root, uri) == ids
        assert everything(shown(client_of(None, uri))) == before
        model = client_of(None, uri).download_artifacts(ids["n20-s0/mlp/seed0"], "model.safetensors", str(tmp_path))
        assert Path(model).read_bytes() == (root / "runs/n20-s0/mlp/seed0/model.safetensors").read_bytes()
    with pytest.raises(UserError, match="found no working MLflow store"):
        track(root, uri)


def wait_for(address, server):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert server.poll() is None
        try:
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.mark.long
def test_two_hundred_runs_are_tracked_in_reasonable_time(results):
    root = write_results(results, campaign_of(sizes=(20, 30, 40, 50), seeds=range(44), steps=100))
    began = time.monotonic()
    ids = track(root, None)
    first = time.monotonic() - began
    began = time.monotonic()
    assert track(root, None) == ids
    second = time.monotonic() - began
    print(f"{len(ids)} runs: {first:.1f} s at first, {second:.1f} s again")
    assert len(ids) == 4 * (44 + 1 + CONTROLS)
    assert first < 400
    assert second < 100


def test_an_experiment_that_another_training_made_in_the_meantime_is_used(monkeypatch, tmp_path):
    made = SimpleNamespace(experiment_id="7")

    class Client(MlflowClient):
        def __init__(self, uri):
            super().__init__(uri)
            self.found = iter([None, made])

        def get_experiment_by_name(self, name):
            return next(self.found)

        def create_experiment(self, name, **_):
            raise MlflowException(f"Experiment {name!r} already exists.")

    monkeypatch.setattr(tracking, "MlflowClient", Client)
    assert tracking.open_store(tmp_path, "one", "http://nowhere")[1] == "7"


@pytest.mark.long
def test_a_training_shows_its_curve_while_it_runs_and_tracking_puts_the_truth_in_its_place(tmp_path, caplog):
    caplog.set_level("INFO")
    root = write_results(tmp_path / "results", campaign_of())
    with server_of(tmp_path) as uri:
        key = "n20-s0/mlp/seed0"
        for steps in ((1, 2), (3,)):  # the second time it goes on after an interruption
            tell = curve(uri, root.name, key)
            for step in steps:
                tell(Row(step, 8 * step, 0.1 * step, 1 / step, 1e-3, 2.0))
        client = client_of(None, uri)
        (run,) = client.search_runs([client.get_experiment_by_name(root.name).experiment_id])
        assert run.info.run_name == "n20-s0 mlp seed0 (training)"
        shown_now = [(metric.step, metric.value) for metric in client.get_metric_history(run.info.run_id, "loss")]
        assert shown_now == [(1, 1.0), (2, 0.5), (3, 1 / 3)]
        ids = track(root, uri)
        runs = client.search_runs([run.info.experiment_id], max_results=1000)
        assert len(runs) == 1 + len(ids)
        assert run.info.run_id not in {each.info.run_id for each in runs}
        tell = curve(uri, root.name, key)
    tell(Row(4, 32, 0.4, 0.25, 1e-3, 2.0))  # the server is gone: it is said once, and nothing is raised
    tell(Row(5, 40, 0.5, 0.2, 1e-3, 2.0))
    curve(uri, root.name, key)(Row(6, 48, 0.6, 0.1, 1e-3, 2.0))
    said = [record.message for record in caplog.records if "live curve" in record.message]
    assert [text.split(":")[0] for text in said] == ["the live curve ends at step 4", "no live curve"]


def test_the_view_with_the_columns_that_matter_is_a_tag_that_mlflow_can_read(results):
    root = write_results(results, campaign_of())
    track(root, None)
    experiment = client_of(results).get_experiment_by_name("one")
    envelope = json.loads(experiment.tags["mlflow.sharedViewState.creativity"])
    assert (type(envelope["name"]), envelope["createdAt"], envelope["updatedAt"]) == (str, *[experiment.creation_time] * 2)
    state = json.loads(envelope["state"])
    assert state["orderByKey"] in state["selectedColumns"]
    client_of(results).set_experiment_tag(experiment.experiment_id, tracking.VIEW_TAG, "{}")
    track(root, None)
    assert client_of(results).get_experiment_by_name("one").tags[tracking.VIEW_TAG] == json.dumps(envelope)


def test_all_columns_of_the_view_are_measures_parameters_or_tags_that_are_written():
    state = json.loads(json.loads(tracking.view(0))["state"])
    columns = [re.fullmatch(r"(metrics|params|tags)\.`(\w+)`", name).groups() for name in state["selectedColumns"]]
    measured = {measure.name for measure in SAMPLE_MEASURES} | {column(name) for name in NAMES} | {"copies", "loss"}
    assert {name for kind, name in columns if kind == "metrics"} <= measured
    assert [name for kind, name in columns if kind != "metrics"] == ["parameters", "kind"]


def test_an_experiment_that_was_deleted_in_the_local_store_comes_back_with_the_runs_it_has_now(results):
    root = write_results(results, campaign_of())
    track(root, None)
    write_results(results, campaign_of(), trained_again=1)
    before = track(root, None)
    client = client_of(results)
    client.delete_experiment(client.get_experiment_by_name("one").experiment_id)
    assert track(root, None) == before
    assert len(shown(client)) == 1 + len(before)


def test_an_experiment_that_was_deleted_elsewhere_is_left_alone_and_told(tmp_path):
    uri = f"sqlite:///{tmp_path}/server.db"
    client = MlflowClient(uri)
    client.delete_experiment(client.create_experiment("one"))
    with pytest.raises(
        UserError, match=r"^tracking.uri: found the experiment .one. deleted at sqlite.*; allowed: .*restore -x 1\)"
    ):
        track(write_results(tmp_path, campaign_of()), uri)
    assert client.get_experiment_by_name("one").lifecycle_stage == "deleted"


def changed(path, statement):
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


DAMAGE = {
    "no database": lambda path: path.write_text("not a database" * 400),
    "empty": lambda path: path.write_bytes(b""),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "other tables": lambda path: changed(path, "DROP TABLE alembic_version"),
    "older": lambda path: changed(path, "UPDATE alembic_version SET version_num = '451aebb31d03'"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_store_that_cannot_be_used_is_made_again(results, kind):
    path = results / "mlflow/mlflow.db"
    assert tracking.usable(path)
    DAMAGE[kind](path)
    assert not tracking.usable(path)


def test_a_corrupt_store_is_filled_again_by_the_next_tracking(results):
    root = write_results(results, campaign_of())
    (results / "mlflow/mlflow.db").write_text("x" * 9000)
    (results / "mlflow/other.tracked").touch()
    ids = track(root, None)
    assert len(shown(client_of(results))) == 1 + len(ids)
    assert not (results / "mlflow/other.tracked").exists()


def test_a_store_that_is_locked_is_not_deleted(results, monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, **options, timeout=0.1))
    path = results / "mlflow/mlflow.db"
    with closing(connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError, match=r"found no working MLflow store at results/mlflow/mlflow.db \(database is locked\)"):
            track(write_results(results, campaign_of()), None)
    assert tracking.usable(path)
