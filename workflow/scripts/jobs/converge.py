"""Asks whether nearest distances have settled: along training, and when the sampling steps are doubled."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from creativity import store
from creativity.campaign.sections import Sampling, Training
from creativity.denoisers.saved import restore
from creativity.denoisers.state import load_state
from creativity.measures import intervals, novelty
from creativity.measures.losses import expected_loss
from creativity.neighbours.search import search
from creativity.running.device import use
from creativity.running.job import Job, log
from creativity.sampling.draw import draw, finite
from creativity.store.weights import by_part, read_facts
from creativity.types import Pictures

CONVERGENCE = {"step": store.LONG, "sampling_steps": store.LONG} | store.MEASURE


def converge(
    job: Job,
    *,
    train: Path,
    reference: Path,
    samples: Path,
    convergence: Path,
    model: Path | None = None,
    checkpoints: Path | None = None,
    losses: Path | None = None,
    patches: Path | None = None,
) -> None:
    """model, checkpoints, losses: of trained families; patches: of calibrated ones."""
    config = job.section(Sampling, "sampling", batch_size=job.batch_size)
    known, real, device = store.units(train), store.units(reference), use(job)
    images = torch.from_numpy(known)
    denoiser, status = restore(job.family(), images, model, patches)
    denoiser = denoiser.to(device)

    def measured(pictures: Pictures) -> list[tuple]:
        return distances(pictures, known, real, job.settings["mirrored"])

    def drawn(steps: int) -> Pictures:
        ends = draw(denoiser, images.shape[1:], config, device, steps)
        return ends[finite(ends)].numpy()

    rows: list[tuple] = []
    if status == "diverged":
        log.info("the training of this denoiser, or of the network it is calibrated by, diverged")
    else:
        last = read_facts(model)["step"] if model else 0
        at = {(last, config.steps): measured(store.finite_samples(samples))}
        at[last, 2 * config.steps] = measured(drawn(2 * config.steps))
        for step, state in by_part(load_state(checkpoints)).items() if checkpoints else ():
            denoiser.load_state_dict(state)
            at[int(step), config.steps] = measured(drawn(config.steps))
        rows += [(*place, *row) for place, measures in sorted(at.items()) for row in measures]
        if losses:
            rows += loss_rows(store.read(losses), job.section(Training, "training"), config.steps)
    store.write(convergence, CONVERGENCE, rows, job.stamp([train, reference, samples, model, patches]))


def distances(pictures: Pictures, train: Pictures, reference: Pictures, mirrored: bool) -> list[tuple]:
    """Median nearest distance and memorised share of finite samples."""
    nearest = search(pictures, train, reference, "pixel", 2, mirrored).distances
    copied = novelty.memorised(novelty.gap_ratio(nearest[:, 0], nearest[:, 1]))
    medians, shares = intervals.centre(nearest[:, 0]), intervals.share(copied)
    return [("nearest_distance", "pixel", *medians), ("memorised", "pixel", *shares)]


def loss_rows(losses: pa.Table, training: Training, sampling_steps: int) -> list[tuple]:
    """The loss over the noise levels of training, on training and held-out images, at each checkpoint."""
    rows = []
    for step in losses["step"].unique().to_pylist():
        for split in ("train", "heldout"):
            part = losses.filter(pc.and_(pc.equal(losses["step"], step), pc.equal(losses["split"], split)))
            low, high, loss = (part[name].to_numpy() for name in ("sigma_low", "sigma_high", "loss"))
            value = expected_loss(low, high, loss, training)
            rows.append((step, sampling_steps, f"{split}_loss", "pixel", value, np.nan, np.nan, len(part)))
    return rows
