"""Makes copies in disguise of training images, the same number in each disguise."""

from pathlib import Path

import numpy as np

from creativity import store
from creativity.measures.disguises import all_disguises
from creativity.running.job import Job


def disguised(job: Job, *, train: Path, heldout: Path, disguised: Path) -> None:
    images = all_disguises(store.units(train), store.units(heldout))
    facts = {"status": "drawn", "parameters": None, "receptive_field": None}
    store.write_samples(disguised, images, np.ones(len(images), dtype=bool), job.stamp([train, heldout]), facts)
