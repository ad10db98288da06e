"""Interrupted trainings: the state is kept in a file beside the outputs until they are written, and the same job goes on from it.

It is saved at intervals and when a signal asks to end: Ctrl-C, scancel, or Slurm's warning before the time limit. A kill that no
program can see coming, and a full disk, cost the steps since the last save.
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

INTERVAL = 60.0  # seconds of training between two saves ...
SHARE = 0.05  # ... or more, so that saving takes no more than this share of the time
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


@runtime_checkable
class Resumable(Protocol):
    """What can be kept: tensors and facts, as JSON holds them, that say all about it."""

    @property
    def steps(self) -> int: ...
    def state(self) -> tuple[dict[str, Tensor], dict[str, Any]]: ...
    def load(self, tensors: dict[str, Tensor], facts: dict[str, Any]) -> None: ...


class Keeper:
    """Keeps a training's state in a file that counts only for the same key: the hash of its settings, data, code and device."""

    def __init__(self, path: Path, key: str) -> None:
        self.path, self.key = path, key
        self.due, self.asked = time.monotonic() + INTERVAL, ""
        for number in SIGNALS:
            signal.signal(number, self.ask)

    def ask(self, number: int, frame: FrameType | None) -> None:
        """A signal's handler: the training ends after the step that it is in."""
        self.asked = signal.Signals(number).name

    def restore(self, training: Resumable) -> None:
        """Brings a training that has not begun to where its state was saved, if there is one."""
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
        """Saves where it is time to. Raises UserError where a signal has asked to end, and where the state cannot be written."""
        if self.asked or time.monotonic() >= self.due:
            self.save(training)
        if self.asked:
            raise UserError(f"{self.asked} ended the training after step {training.steps}: the same command goes on from there.")

    def save(self, training: Resumable) -> None:
        began = time.monotonic()
        tensors, facts = training.state()
        save_state(self.path, tensors, facts | {"key": self.key})
        ended = time.monotonic()
        self.due = ended + max(INTERVAL, (ended - began) / SHARE)

    def forget(self) -> None:
        """Deletes the state, once the outputs are there."""
        self.path.unlink(missing_ok=True)
