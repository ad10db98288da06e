"""Takes over images that another model generated as if they were samples, brought to the data set's size."""

from pathlib import Path

import numpy as np

from creativity import store
from creativity.campaign.sections import Dataset
from creativity.data.external import load
from creativity.running.job import Job


def external(job: Job, *, samples: Path) -> None:
    """job.places: where the images lie, as {"family": {"path": ...}}."""
    dataset = job.section(Dataset, "dataset")
    names, images = load(Path(job.places["family"]["path"]).expanduser(), dataset, job.settings["count"], job.settings["seed"])
    facts = {"status": "given", "parameters": None, "receptive_field": None, "files": names}
    store.write_samples(samples, store.to_unit(images), np.ones(len(images), dtype=bool), job.stamp(), facts)
