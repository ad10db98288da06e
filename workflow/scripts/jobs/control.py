"""Makes the samples of the controls of a subset: sets of images that play a denoiser."""

from pathlib import Path

import numpy as np

from creativity import store
from creativity.measures.controls import CONTROLS
from creativity.running.job import Job


def control(job: Job, *, train: Path, heldout: Path, samples: list[Path]) -> None:
    known, unseen, settings = store.units(train), store.units(heldout), job.settings
    facts = {"status": "drawn", "parameters": None, "receptive_field": None}
    for name, path in zip(settings["controls"], samples, strict=True):
        images = CONTROLS[name](known, unseen, settings["seed"], settings["count"])
        stamp = job.stamp([train, heldout], control=name)
        store.write_samples(path, images, np.ones(len(images), dtype=bool), stamp, facts)
