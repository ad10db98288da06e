"""Against stores that MLflow itself made."""

import sqlite3

import pytest
from mlflow import MlflowClient

from creativity.running.tracked import is_shown


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("a store") / "mlflow.db"
    client = MlflowClient(f"sqlite:///{path}")
    client.create_experiment("kept", artifact_location="here")
    client.delete_experiment(client.create_experiment("deleted", artifact_location="here"))
    return path


@pytest.mark.parametrize(("name", "shown"), [("kept", True), ("deleted", False), ("never there", False)])
def test_a_campaign_is_shown_unless_its_experiment_is_gone(store, name, shown):
    assert is_shown(store, name) == shown


def test_no_store_shows_nothing_and_what_cannot_be_read_is_left_alone(tmp_path):
    path = tmp_path / "mlflow.db"
    assert not is_shown(path, "any")
    path.write_text("x" * 5000)
    assert is_shown(path, "any")
    path.unlink()
    sqlite3.connect(path).close()  # no tables yet
    path.touch()
    assert is_shown(path, "any")


def test_a_store_that_another_process_holds_is_left_alone(store, monkeypatch):
    monkeypatch.setattr("creativity.running.tracked.PATIENCE", 0.01)
    with sqlite3.connect(store, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert is_shown(store, "never there")
        other.execute("ROLLBACK")
