"""Takes over images that another model generated as if they were samples, brought to the data set's size."""

from pathlib import Path

from creativity import store
from creativity.campaign.sections import Dataset
from creativity.data.external import samples_of
from creativity.running.job import Job, log


def external(job: Job, *, samples: Path) -> None:
    """job.places: where the images lie, as {"family": {"path": ...}}."""
    dataset = job.section(Dataset, "dataset")
    path = Path(job.places["family"]["path"]).expanduser()
    given = samples_of(path, dataset, job.settings["count"], job.settings["seed"], job.settings["range"])
    for note in given.notes:
        log.info("%s", note)
    facts = {"status": "given", "parameters": None, "receptive_field": None, "files": given.names}
    store.write_sample_batches(samples, map(store.to_unit, given.images(job.threads)), job.stamp(), facts)
