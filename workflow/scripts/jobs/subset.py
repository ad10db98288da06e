"""Cuts the training and held-out images of one size and seed, disjoint from each other and from the reference."""

from collections.abc import Iterator
from pathlib import Path

from creativity import data
from creativity.campaign.sections import Dataset, Subsets
from creativity.data.source import listing
from creativity.data.subset import Cut, Picture, cut_subset, listing_of_twins, read_keys, write_pictures
from creativity.running.job import Job, log


def subset(job: Job, *, reference: Path, train: Path, heldout: Path) -> None:
    dataset, subsets = job.section(Dataset, "dataset"), job.section(Subsets, "subsets")
    stamp = job.stamp([reference])

    def write(side: str, pictures: Iterator[Picture]) -> None:
        write_pictures({"train": train, "heldout": heldout}[side], pictures, stamp)

    cut = Cut(data.load(dataset), dataset, subsets, job.threads)
    cut_subset(cut, read_keys(reference), job.settings["size"], job.settings["seed"], write)
    if cut.gave_way:
        log.info("%s, left out since another image looks the same", listing(cut.gave_way, "image"))
    if cut.twins and not dataset.repeats:
        log.info("%s, in the training set twice: copies of them are not told by the gap ratio d1 / d2", listing_of_twins(cut.twins))
