"""Makes the samples of a control: a set of images that plays a denoiser."""

from pathlib import Path

import numpy as np

from creativity import store
from creativity.measures.controls import CONTROLS
from creativity.running.job import Job


def control(job: Job, *, train: Path, heldout: Path, samples: Path) -> None:
    make = CONTROLS[job.settings["control"]]
    images = make(store.units(train), store.units(heldout), job.settings["seed"], job.settings["count"])
    facts = {"status": "drawn", "parameters": None, "receptive_field": None}
    store.write_samples(samples, images, np.ones(len(images), dtype=bool), job.stamp([train, heldout]), facts)
