"""Holds the samples of one run against the laws of its denoiser's class."""

from pathlib import Path

import numpy as np

from creativity import laws, store
from creativity.campaign.sections import Sampling
from creativity.laws import table
from creativity.laws.law import Grid
from creativity.neighbours.vectors import flatten
from creativity.running.job import Job
from creativity.sampling.noise import karras_levels, starting_noise


def law(job: Job, *, samples: Path, train: Path, law: Path) -> None:
    config = job.section(Sampling, "sampling")
    grid = Grid(karras_levels(config.steps, config.sigma_min, config.sigma_max, config.rho), config.sampler)
    drawn, images = flatten(store.pictures(store.read(samples), samples)), flatten(store.units(train))
    noise = starting_noise(config.seed, range(len(drawn)), images.shape[1:]) if len(drawn) else drawn
    rows = []
    for name in job.settings["laws"]:
        expected = laws.build(name, job.settings["family"], images, grid)
        rows += table.rows(name, expected, drawn, noise.astype(np.float64), config.seed)
    store.write(law, table.LAW, rows, job.stamp([samples, train]))
