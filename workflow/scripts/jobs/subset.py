"""Cuts the training and held-out images of one size and seed, disjoint from each other and from the reference."""

from pathlib import Path

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.subset import cut_subset, read_pictures, write_pictures
from creativity.running.job import Job


def subset(job: Job, *, reference: Path, train: Path, heldout: Path) -> None:
    dataset, subsets = job.section(Dataset, "dataset"), job.section(Subsets, "subsets")
    size, seed = job.settings["size"], job.settings["seed"]
    known, unseen = cut_subset(data.load(dataset), dataset, subsets, read_pictures(reference), size, seed)
    stamp = job.stamp([reference])
    write_pictures(train, known, stamp)
    write_pictures(heldout, unseen, stamp)
