"""Writes the resolved configuration beside the results."""

from pathlib import Path

import yaml

from creativity import store
from creativity.running.job import Job


def resolve(job: Job, *, config: Path) -> None:
    store.write_text(config, yaml.safe_dump(job.settings, sort_keys=False, allow_unicode=True))
