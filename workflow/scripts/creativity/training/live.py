"""Sends the loss curve of a running training to an MLflow server.

The final record of the training is written by `tracking` once all results are complete.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from mlflow.entities import Metric
from mlflow.exceptions import MlflowException

from creativity.errors import UserError
from creativity.running.job import log
from creativity.running.user import user_name
from creativity.tracking import FIRST_CALL, open_store
from creativity.training.trainer import Row


def curve(uri: str, campaign: str, key: str) -> Callable[[Row], None]:
    """A function that sends a row of the training history to the server; it does nothing once the server cannot be reached.

    The MLflow run carries the tag `key` but no content hash, which marks it as unfinished, so that `tracking` deletes it later.
    """
    os.environ.update(FIRST_CALL)
    reached = True
    try:
        client, experiment = open_store(Path(), campaign, uri)
        existing = client.search_runs([experiment], f"tags.key = '{key}'")
        unfinished = [run.info.run_id for run in existing if "content_hash" not in run.data.tags]
        tags = {"key": key, "campaign": campaign, "mlflow.user": user_name()}
        id_ = (
            unfinished[0]
            if unfinished
            else client.create_run(experiment, run_name=f"{key.replace('/', ' ')} (training)", tags=tags).info.run_id
        )
    except (MlflowException, OSError, UserError) as error:
        log.info("no live curve: found no MLflow server at %s (%s)", uri, first_line(error))
        reached = False

    def send(row: Row) -> None:
        nonlocal reached
        if not reached:
            return
        try:
            values = {"loss": row.loss, "learning_rate": row.learning_rate, "grad_norm": row.grad_norm}
            now = int(1000 * time.time())
            client.log_batch(id_, metrics=[Metric(name, value, now, row.step) for name, value in values.items()])
        except (MlflowException, OSError) as error:
            log.info("the live curve ends at step %d: %s", row.step, first_line(error))
            reached = False

    return send


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
