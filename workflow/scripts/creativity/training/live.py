"""The curve of a training on an MLflow server while it runs. What is true is written by tracking when all is over."""

import os
import time
from collections.abc import Callable
from getpass import getuser
from pathlib import Path

from mlflow.entities import Metric
from mlflow.exceptions import MlflowException

from creativity.running.job import log
from creativity.tracking import FIRST_CALL, open_store
from creativity.training.trainer import Row


def curve(uri: str, campaign: str, key: str) -> Callable[[Row], None]:
    """What is to be told each row of the history. A server that does not answer costs the curve, never the training.

    The run has a key and no content hash, by which tracking knows that it never was finished, and deletes it.
    """
    os.environ.update(FIRST_CALL)
    reached = True
    try:
        client, experiment = open_store(Path(), campaign, uri)
        known = client.search_runs([experiment], f"tags.key = '{key}'")
        begun = [run.info.run_id for run in known if "content_hash" not in run.data.tags]
        tags = {"key": key, "campaign": campaign, "mlflow.user": getuser()}
        id_ = (
            begun[0]
            if begun
            else client.create_run(experiment, run_name=f"{key.replace('/', ' ')} (training)", tags=tags).info.run_id
        )
    except (MlflowException, OSError) as error:
        log.info("no live curve: found no MLflow server at %s (%s)", uri, first_line(error))
        reached = False

    def tell(row: Row) -> None:
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

    return tell


def first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]
