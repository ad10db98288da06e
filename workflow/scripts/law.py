"""Holds the samples of one run against the law of its denoiser's class."""

from pathlib import Path

import numpy as np

from creativity import job, laws, store
from creativity.config import Sampling
from creativity.laws import table
from creativity.laws.law import Grid
from creativity.neighbours import flatten
from creativity.noise import karras_levels, starting_noise


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("samples", "train", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    args = parser.parse_args()
    family, config = args.params["family"], job.settings(Sampling, args.params["sampling"])
    grid = Grid(karras_levels(config.steps, config.sigma_min, config.sigma_max, config.rho), config.sampler)
    samples, images = flatten(store.images(store.read(args.samples))), flatten(store.units(args.train))
    noise = starting_noise(config.seed, range(len(samples)), images.shape[1:]) if len(samples) else samples
    rows = []
    for name in laws.names(family):
        law = laws.build(name, family, images.astype(np.float64), grid)
        rows += table.rows(name, law, samples.astype(np.float64), noise.astype(np.float64), config.seed)
    store.write(args.out, table.LAW, rows, job.stamp(args, [args.samples, args.train]))


if __name__ == "__main__":
    job.run(main)
