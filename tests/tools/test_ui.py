"""The page of MLflow: on a free port, with a link to the runs of each campaign."""

import socket

import pytest
from mlflow.tracking import MlflowClient

import ui
from creativity import tracking
from creativity.errors import UserError


def listening():
    server = socket.socket()
    server.bind((ui.HOST, 0))
    server.listen()
    return server


def test_a_port_that_is_taken_is_passed_over():
    with listening() as one, listening() as other:
        taken = [server.getsockname()[1] for server in (one, other)]
        with socket.socket() as probe:
            probe.bind((ui.HOST, 0))
            free = probe.getsockname()[1]
        assert ui.free_port([*taken, free]) == free
        with pytest.raises(
            UserError, match=rf"^MLflow: found each port from {taken[0]} to {taken[1]} taken; allowed: one that is free\.$"
        ):
            ui.free_port(taken)


def test_no_free_port_ends_in_one_sentence(monkeypatch):
    with listening() as server:
        monkeypatch.setattr(ui.free_port, "__defaults__", ([server.getsockname()[1]],))
        with pytest.raises(SystemExit, match=r"^MLflow: found each port"):
            ui.main()


def test_each_campaign_that_was_tracked_has_a_link_and_the_server_is_started(tmp_path, monkeypatch, capsys):
    started = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ui.os, "execv", lambda *command: started.append(command))
    monkeypatch.setattr(ui, "free_port", lambda: 5003)
    monkeypatch.setenv("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")
    client = MlflowClient(tracking.local_store(ui.FOLDER))
    by_hand, one, gone = (client.create_experiment(name) for name in ("by-hand", "one", "gone"))
    for experiment in (one, gone):
        client.set_experiment_tag(experiment, tracking.VIEW_TAG, tracking.view(0))
    client.delete_experiment(gone)
    ui.main()
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"one  {tracking.link('http://127.0.0.1:5003', one)}"
    assert told[1:] == ["MLflow: http://127.0.0.1:5003 (Ctrl-C ends it)"]
    assert by_hand not in told[0].split("/")
    (_, command) = started[0]
    assert command[command.index("--port") + 1] == "5003"
    assert command[command.index("--backend-store-uri") + 1].endswith("results/mlflow/mlflow.db")


def test_a_store_that_was_damaged_is_made_again_and_it_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ui.os, "execv", lambda *command: None)
    tracking.local_store(ui.FOLDER)
    (ui.FOLDER / "mlflow.db").write_text("x" * 5000)
    ui.main()
    assert "could not be used and was made again. No campaign" in capsys.readouterr().out
    assert tracking.usable(ui.FOLDER / "mlflow.db")
