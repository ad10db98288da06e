"""Asks whether nearest distances have settled: along training, and when the sampling steps are doubled."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch
from torch import nn

from creativity import store
from creativity.campaign.sections import Judge, Sampling, Training
from creativity.denoisers.saved import restore
from creativity.denoisers.state import load_state
from creativity.measures import intervals, judges, left_out, novelty, realism, verdict
from creativity.measures.losses import expected_loss
from creativity.neighbours.search import search
from creativity.neighbours.tables import SCALE_K
from creativity.neighbours.vectors import in_rows
from creativity.running.device import use
from creativity.running.job import Job, log
from creativity.sampling.draw import draw, finite
from creativity.store.weights import by_part, read_facts
from creativity.training.judge import judged
from creativity.types import Flags, Interval, Neighbours, Pictures, Values

NEAR = 6  # training images looked at for one that is no near-duplicate
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
    networks: Path | None = None,
) -> None:
    """model, checkpoints, losses: of trained families; patches: of calibrated ones; networks: of the judge, where it is asked."""
    device, config = use(job), job.section(Sampling, "sampling", batch_size=job.batch_size)
    known, real = store.units(train), store.units(reference)
    denoiser, status = restore(job.family(), torch.from_numpy(known), model, patches)
    rows: list[tuple] = []
    if status == "diverged":
        log.info("the training of this denoiser, or of the network it is calibrated by, diverged")
    else:
        judge = Judging(job, networks, real, device) if networks else None
        beside = Beside(known, real, store.units(heldout), job.settings["mirrored"], job.settings["by_group"], judge)
        drawing = Drawing(denoiser.to(device), known.shape[1:], config, device)
        rows += drawn_rows(drawing, beside, samples, read_facts(model)["step"] if model else 0, checkpoints)
        if losses:
            rows += loss_rows(store.read(losses), job.section(Training, "training"), config.steps)
    store.write(convergence, CONVERGENCE, rows, job.stamp([train, heldout, reference, samples, model, patches, networks]))


class Drawing(NamedTuple):
    """How samples are drawn with a denoiser, whose weights may change."""

    denoiser: nn.Module
    shape: tuple[int, ...]
    config: Sampling
    device: torch.device

    def samples(self, steps: int) -> Pictures:
        """The finite ones, drawn in so many steps."""
        ends = draw(self.denoiser, self.shape, self.config, self.device, steps)
        return ends[finite(ends)].numpy()


class Judging:
    """The judge of realism, for samples of any checkpoint."""

    def __init__(self, job: Job, networks: Path, reference: Pictures, device: torch.device) -> None:
        self.config, self.mirrored, self.device = job.section(Judge, "judge"), job.settings["mirrored"], device
        self.networks, self.ruler = list(by_part(load_state(networks)).values()), realism.fit_ruler(reference)

    def real(self, pictures: Pictures) -> Flags:
        """Which images are real."""
        images = torch.from_numpy(pictures).to(self.device)
        percentiles, _ = judged(self.networks, self.config, images, self.ruler.reference, self.mirrored)
        return judges.real(percentiles, realism.laplacian_energy(pictures), self.ruler)


class Beside:
    """The sets that samples are held against, the copy scores of new images in pixel space, and the judge, if it is asked.

    by_group: new images are then left-out training images as well as held-out ones; see `measures.left_out`.
    """

    def __init__(
        self,
        train: Pictures,
        reference: Pictures,
        heldout: Pictures,
        mirrored: bool,
        by_group: bool = False,
        judge: Judging | None = None,
    ) -> None:
        self.train, self.mirrored, self.judge = train, mirrored, judge
        self.scale = search(train, reference, {}, "pixel", SCALE_K, mirrored).distances[:, -1]
        new = [self.nearest(heldout), *([self.left_out(len(heldout))] if by_group else [])]
        self.new_scores = [verdict.copy_score(near, self.scale) for near in new]

    def nearest(self, pictures: Pictures, k: int = 2) -> Neighbours:
        """The nearest training images."""
        return search(pictures, self.train, {}, "pixel", k, self.mirrored)

    def left_out(self, most: int) -> Neighbours:
        own, rows = left_out.places(len(self.train), most), in_rows(self.train)
        mirrors = in_rows(self.train[..., ::-1]) if self.mirrored else None
        return left_out.first_distinct(self.nearest(self.train[own], NEAR), own, rows, mirrors)

    def p_copy(self, near: Neighbours) -> Values:
        """The p-value of being no copy, in pixel space."""
        own = verdict.copy_score(near, self.scale)
        return np.max([verdict.p_value([own], [new]) for new in self.new_scores], axis=0)


def drawn_rows(drawing: Drawing, beside: Beside, samples: Path, last: int, checkpoints: Path | None) -> list[tuple]:
    """What is made after the last training step, with twice the sampling steps, and at each checkpoint before."""
    steps = drawing.config.steps
    at = {(last, steps): distances(store.finite_samples(samples), beside)}
    at[last, 2 * steps] = distances(drawing.samples(2 * steps), beside)
    for step, state in by_part(load_state(checkpoints)).items() if checkpoints else ():
        drawing.denoiser.load_state_dict(state)
        at[int(step), steps] = distances(drawing.samples(steps), beside)
    return [(*place, *row) for place, measures in sorted(at.items()) for row in measures]


def distances(pictures: Pictures, beside: Beside) -> list[tuple]:
    """Of finite samples: median nearest distance; shares of memorised ones, of copies (nearer than 95 % of new images), of
    copies at a false discovery rate of 5 %, and, where the judge is asked, of real ones.
    """
    near = beside.nearest(pictures)
    gaps = novelty.memorised(novelty.gap_ratio(near.distances[:, 0], near.distances[:, 1]))
    p = beside.p_copy(near)
    found = {
        "nearest_distance": intervals.centre(near.distances[:, 0]),
        "memorised": intervals.share(gaps),
        "copied": intervals.share(p <= verdict.LEVEL),
        "copies": Interval(float(verdict.copies(p).mean()) if len(p) else np.nan, np.nan, np.nan, len(p)),
    }
    if beside.judge:
        found["real"] = intervals.share(beside.judge.real(pictures))
    return [(name, "pixel", *interval) for name, interval in found.items()]


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
