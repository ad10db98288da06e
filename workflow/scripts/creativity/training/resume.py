"""Saves the state of running trainings, so that an interrupted training continues where it stopped.

The state is saved at intervals, and on the signals of Ctrl-C, scancel and Slurm's warning before the time limit. After a kill
without warning, or with a full disk, the steps since the last save are lost. It is saved after the last step, too, and kept until a
later job finds the outputs recorded: Snakemake deletes those of a job that is killed before it has recorded them.
"""

import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any, Protocol, runtime_checkable

from torch import Tensor

from creativity.denoisers.state import load_state, save_state
from creativity.errors import UserError
from creativity.running.job import log
from creativity.store import StoreError
from creativity.store.weights import read_facts

INTERVAL = 60.0  # seconds of training between two saves, or longer so that ...
SHARE = 0.05  # ... saving takes at most this share of the time
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


@runtime_checkable
class Resumable(Protocol):
    """A training whose complete state is a set of tensors and of facts, which must be JSON."""

    @property
    def steps(self) -> int: ...
    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]: ...
    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None: ...


class Keeper:
    """Saves and restores the state of a training. key: hash of its settings, data, code and device; no other is restored."""

    def __init__(self, path: Path, key: str) -> None:
        self.path, self.key = path, key
        self.next_save, self.signal_name = time.monotonic() + INTERVAL, ""
        for number in SIGNALS:
            signal.signal(number, self.on_signal)

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        """Signal handler: lets the training end after its current step."""
        self.signal_name = signal.Signals(number).name

    def restore(self, training: Resumable) -> None:
        """Loads the saved state, if there is one with the same key, into a training that has not started."""
        if not self.path.exists():
            return
        try:
            facts = read_facts(self.path)
            if facts["key"] == self.key:
                training.load(load_state(self.path), facts)
                log.info("goes on after step %d, from %s (delete it to start afresh)", training.steps, self.path)
        except StoreError as error:
            log.info("%s It is not used.", error)

    def after_step(self, training: Resumable) -> None:
        """Saves the state when it is due. Raises UserError where a signal has arrived, and where the state cannot be written."""
        if self.signal_name or time.monotonic() >= self.next_save:
            self.save(training)
        if self.signal_name:
            raise UserError(
                f"{self.signal_name} ended the training after step {training.steps}: the same command goes on from there."
            )

    def save(self, training: Resumable) -> None:
        """Writes the state, and sets the time of the next save."""
        started = time.monotonic()
        tensors, facts = training.state()
        save_state(self.path, tensors, facts | {"key": self.key})
        ended = time.monotonic()
        self.next_save = ended + max(INTERVAL, (ended - started) / SHARE)
