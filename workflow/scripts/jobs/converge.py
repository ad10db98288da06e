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
from creativity.measures import intervals, novelty, verdict
from creativity.measures.losses import expected_loss
from creativity.neighbours.search import search
from creativity.neighbours.tables import SCALE_K
from creativity.running.device import use
from creativity.running.job import Job, log
from creativity.sampling.draw import draw, finite
from creativity.store.weights import by_part, read_facts
from creativity.types import Neighbours, Pictures, Values

CONVERGENCE = {"step": store.LONG, "sampling_steps": store.LONG} | store.MEASURE


def converge(
    job: Job,
    *,
    train: Path,
    heldout: Path,
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
    beside = Beside(known, real, store.units(heldout), job.settings["mirrored"])
    images = torch.from_numpy(known)
    denoiser, status = restore(job.family(), images, model, patches)
    denoiser = denoiser.to(device)

    def drawn(steps: int) -> Pictures:
        ends = draw(denoiser, images.shape[1:], config, device, steps)
        return ends[finite(ends)].numpy()

    rows: list[tuple] = []
    if status == "diverged":
        log.info("the training of this denoiser, or of the network it is calibrated by, diverged")
    else:
        last = read_facts(model)["step"] if model else 0
        at = {(last, config.steps): distances(store.finite_samples(samples), beside)}
        at[last, 2 * config.steps] = distances(drawn(2 * config.steps), beside)
        for step, state in by_part(load_state(checkpoints)).items() if checkpoints else ():
            denoiser.load_state_dict(state)
            at[int(step), config.steps] = distances(drawn(config.steps), beside)
        rows += [(*place, *row) for place, measures in sorted(at.items()) for row in measures]
        if losses:
            rows += loss_rows(store.read(losses), job.section(Training, "training"), config.steps)
    store.write(convergence, CONVERGENCE, rows, job.stamp([train, heldout, reference, samples, model, patches]))


class Beside:
    """The sets that samples are held against, and the copy scores of held-out images, in pixel space."""

    def __init__(self, train: Pictures, reference: Pictures, heldout: Pictures, mirrored: bool) -> None:
        self.train, self.reference, self.mirrored = train, reference, mirrored
        self.scale = search(train, reference, reference, "pixel", SCALE_K, mirrored).distances[:, -1]
        self.heldout_scores = self.scores(self.nearest(heldout))

    def nearest(self, pictures: Pictures) -> Neighbours:
        """The two nearest training images."""
        return search(pictures, self.train, self.reference, "pixel", 2, self.mirrored)

    def scores(self, near: Neighbours) -> Values:
        return verdict.copy_score(near, self.scale)


def distances(pictures: Pictures, beside: Beside) -> list[tuple]:
    """Median nearest distance, memorised share, and share of copies (nearer than 95 % of held-out images) of finite samples."""
    near = beside.nearest(pictures)
    gaps = novelty.memorised(novelty.gap_ratio(near.distances[:, 0], near.distances[:, 1]))
    copies = verdict.p_value([beside.scores(near)], [beside.heldout_scores]) <= verdict.LEVEL
    medians, *shares = intervals.centre(near.distances[:, 0]), intervals.share(gaps), intervals.share(copies)
    names = ("nearest_distance", "memorised", "copied")
    return [(name, "pixel", *interval) for name, interval in zip(names, (medians, *shares), strict=True)]


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
