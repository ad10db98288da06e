"""Cuts the reference images out of a data set, one choice for a whole campaign."""

from pathlib import Path

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import listing
from creativity.data.subset import Cut, cut_reference, write_pictures
from creativity.running.job import Job, log


def reference(job: Job, *, reference: Path) -> None:
    dataset, subsets = job.section(Dataset, "dataset"), job.section(Subsets, "subsets")
    source = data.load(dataset)
    for note in source.notes:
        log.info("%s", note)
    cut = Cut(source, dataset, subsets, job.threads)
    write_pictures(reference, cut_reference(cut), job.stamp())
    if cut.gave_way:
        log.info("%s, left out since another image looks the same", listing(cut.gave_way, "image"))
