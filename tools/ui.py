"""Starts MLflow's page of the local store on a free port, and prints a link to the runs of each campaign (`make ui`)."""

import os
import socket
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

from mlflow.tracking import MlflowClient

from creativity import tracking
from creativity.errors import UserError

HOST = "127.0.0.1"
PORTS = range(5000, 5100)
FOLDER = Path("results/mlflow")


def main() -> None:
    try:
        port = free_port()
        unusable = (FOLDER / "mlflow.db").exists() and not tracking.usable(FOLDER / "mlflow.db")
        store = tracking.local_store(FOLDER)
    except UserError as error:
        sys.exit(str(error))
    except (OSError, sqlite3.Error) as error:
        sys.exit(f"{FOLDER}/mlflow.db: found {error}; allowed: a store that can be opened, or none.")
    address = f"http://{HOST}:{port}"
    print(*lines(address, tracked(store), unusable), f"MLflow: {address} (Ctrl-C ends it)", sep="\n", flush=True)
    os.environ.setdefault("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false")  # seven processes, for judges of language models
    # One worker: of several, those that take more than five seconds to start are ended and started again, without end.
    options = ["--backend-store-uri", store, "--host", HOST, "--port", str(port), "--workers", "1"]
    os.execv(sys.executable, [sys.executable, "-m", "mlflow", "ui", *options])


def free_port(ports: Iterable[int] = PORTS) -> int:
    """The first port on which nothing listens. Raises UserError where there is none."""
    ports = list(ports)
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise UserError(f"MLflow: found each port from {ports[0]} to {ports[-1]} taken; allowed: one that is free.")


def tracked(store: str) -> dict[str, str]:
    """{campaign: id of its experiment} of all campaigns in a store that were tracked."""
    experiments = MlflowClient(store).search_experiments(order_by=["name"])
    return {each.name: str(each.experiment_id) for each in experiments if tracking.VIEW_TAG in each.tags}


def lines(address: str, experiments: dict[str, str], made_again: bool) -> list[str]:
    """A line for each campaign; what to do where there is none. made_again: whether the store was."""
    if not experiments:
        why = "The store could not be used and was made again. " if made_again else ""
        return [f"{why}No campaign is in MLflow's view of the results yet: `make demo` brings its campaign into it."]
    width = max(map(len, experiments))
    return [f"{name:{width}}  {tracking.link(address, id_)}" for name, id_ in experiments.items()]


if __name__ == "__main__":
    main()
