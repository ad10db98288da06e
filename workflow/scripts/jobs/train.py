"""Trains one denoiser on one subset with one seed."""

from pathlib import Path

from creativity.running.job import Job
from jobs.train_together import train_together


def train(job: Job, *, train: Path, heldout: Path, model: Path, checkpoints: Path, history: Path, losses: Path) -> None:
    train_together(
        job, train=[train], heldout=[heldout], model=[model], checkpoints=[checkpoints], history=[history], losses=[losses]
    )
