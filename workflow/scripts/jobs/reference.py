"""Cuts the reference images out of a data set, one choice for a whole campaign."""

from pathlib import Path

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.subset import cut_reference, write_pictures
from creativity.running.job import Job


def reference(job: Job, *, reference: Path) -> None:
    dataset, subsets = job.section(Dataset, "dataset"), job.section(Subsets, "subsets")
    write_pictures(reference, cut_reference(data.load(dataset), dataset, subsets), job.stamp())
