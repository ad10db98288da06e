"""Asks whether nearest distances have settled: along training, and when the sampling steps are doubled."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from creativity import job, store
from creativity.config import Sampling, Training
from creativity.denoisers import saved
from creativity.denoisers.files import by_part, load_weights
from creativity.device import add_options, chosen
from creativity.measures import intervals, novelty
from creativity.measures.losses import expected_loss
from creativity.neighbours import search
from creativity.sample import draw, finite
from creativity.types import Pictures

CONVERGENCE = {"step": store.LONG, "sampling_steps": store.LONG} | store.MEASURE


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("train", "reference", "samples", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("checkpoints", "losses"):
        parser.add_argument(f"--{name}", type=Path, help="of trained families")
    saved.add_options(parser)
    parser.add_argument("--batch-size", type=int, default=256)
    add_options(parser)
    args = parser.parse_args()
    config = job.settings(Sampling, args.params["sampling"] | {"batch_size": args.batch_size})
    train, reference, samples = store.units(args.train), store.units(args.reference), store.read(args.samples)
    images, device = torch.from_numpy(train), chosen(args)
    denoiser, status, files = saved.restore(args, images)
    denoiser = denoiser.to(device)
    rows: list[tuple] = []

    def measured(pictures: Pictures) -> list[tuple]:
        return distances(pictures, train, reference, args.params["mirrored"])

    def drawn(steps: int) -> Pictures:
        made = draw(denoiser, images.shape[1:], config, device, steps)
        return made[finite(made)].numpy()

    if status == "diverged":
        job.log.info("the training of this denoiser, or of the network it is calibrated by, diverged")
    else:
        last = job.model_facts(args.model)["step"] if args.model else 0
        found = {(last, config.steps): measured(store.images(samples)[samples["finite"].to_numpy()])}
        found[last, 2 * config.steps] = measured(drawn(2 * config.steps))
        for step, state in by_part(load_weights(args.checkpoints)).items() if args.checkpoints else ():
            denoiser.load_state_dict(state)
            found[int(step), config.steps] = measured(drawn(config.steps))
        rows += [(*at, *row) for at, each in sorted(found.items()) for row in each]
        if args.losses:
            rows += loss_rows(store.read(args.losses), job.settings(Training, args.params["training"]), config.steps)
    store.write(args.out, CONVERGENCE, rows, job.stamp(args, [args.train, args.reference, args.samples, *files]))


def distances(pictures: Pictures, train: Pictures, reference: Pictures, mirrored: bool) -> list[tuple]:
    """Median nearest distance and memorised share of finite samples."""
    found = search(pictures, train, reference, "pixel", 2, mirrored).distances
    copied = novelty.memorised(novelty.gap_ratio(found[:, 0], found[:, 1]))
    medians, shares = intervals.centre(found[:, 0]), intervals.share(copied)
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


if __name__ == "__main__":
    job.run(main)
