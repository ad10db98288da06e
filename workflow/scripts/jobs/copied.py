"""Says which training images are copied, by which runs and how often, and whether isolated or prototypical ones are copied more."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from creativity import store
from creativity.campaign.layout import Run, keys_in, runs, subset_names
from creativity.campaign.validation import load
from creativity.measures import copied as measure
from creativity.measures import verdict
from creativity.measures.claims import holm
from creativity.measures.classes import COPY
from creativity.measures.novelty import least_distance
from creativity.neighbours.spaces import of_parts
from creativity.neighbours.tables import read_scales, read_sides
from creativity.neighbours.vectors import in_rows
from creativity.running.job import Job
from creativity.types import Places, Values


class Subset(NamedTuple):
    """The training images of a subset, and what real, new images score.

    real: copy scores of the reference in each space. first: d1 of the reference and the held-out images in pixels; limit: below
    which a sample counts as a copy whatever the image. away: distance of each training image to its 5th nearest reference image.
    """

    ids: list[str]
    labels: list[str | None]
    cluster: Places
    isolation: Values
    away: Values
    real: dict[str, Values]
    first: Values
    limit: float


def copied(job: Job, *, config: Path, copied: Path, copied_first: Path, missing: Path | None = None) -> None:
    """copied_first: whether isolated or prototypical images are copied more. missing: the keys of the runs that are left out."""
    campaign, root, left_out = load(config), config.parent, keys_in(missing)
    there = [run for run in runs(campaign) if run.key not in left_out]
    threshold = verdict.limit(campaign.dataset.shape.values)
    rows: list[tuple[Any, ...]] = []
    orders: list[tuple[Any, ...]] = []
    for name in subset_names(campaign):
        of_subset = [run for run in there if run.subset == name]
        if not of_subset:
            continue
        subset = read_subset(root / "subsets" / name, threshold, campaign.neighbours.mirrored)
        for run in of_subset:
            samples = read_samples(root, run, subset)
            rows += image_rows(run, subset, samples)
            orders += order_rows(run, subset, samples)
    p_holm = holm(np.array([row[-5] for row in orders], dtype=float)).tolist()
    corrected = [(*row[:-4], p, *row[-4:]) for row, p in zip(orders, p_holm, strict=True)]
    stamp = job.stamp(run.file(root, name) for run in there for name in ("sample_measures.parquet", "neighbours.parquet"))
    store.write(copied, measure.COPIED, rows, stamp)
    store.write(copied_first, measure.FIRST, [tuple(map(store.null, row)) for row in corrected], stamp)


def read_subset(folder: Path, threshold: float, mirrored: bool) -> Subset:
    """threshold: the distance below which nobody can tell two images apart."""
    train = store.read(folder / "train.parquet", ["id", "label"])
    ids = train["id"].to_pylist()
    near, heldout, reference, _ = read_sides(folder / "neighbours.parquet", ids).values()
    scales = read_scales(store.read(folder / "scales.parquet"))
    real = {space: verdict.copy_score(reference[space], scales[space]) for space in reference if not of_parts(space)}
    cluster = measure.clusters(near["pixel"], threshold, among(folder / "train.parquet", mirrored))
    isolation = measure.isolation(near["pixel"], cluster, float(np.median(reference["pixel"].distances[:, 0])))
    first, nearest = (
        np.concatenate([side["pixel"].distances[:, 0] for side in (heldout, reference)]),
        np.concatenate([side["pixel"].indices[:, 0] for side in (heldout, reference)]),
    )
    limit = measure.neutral_limit(first, nearest, isolation)
    return Subset(ids, train["label"].to_pylist(), cluster, isolation, scales["pixel"], real, first, limit)


def among(path: Path, mirrored: bool) -> measure.Apart:
    """The distances of one image of a file to others, or to their mirror images where these count and are nearer.

    The images are read when a distance is first asked for: most sets have no more than pairs of near-duplicates.
    """

    @cache
    def levels() -> NDArray[np.uint8]:
        return store.levels(store.read(path, ["image"]), path)

    def apart(one: int, others: Places) -> Values:
        rows, image = in_rows(store.to_unit(levels()[others])), store.to_unit(levels()[[one]])
        mirror = in_rows(image[..., ::-1]) if mirrored else None
        return least_distance(rows, np.zeros(len(others), dtype=np.int64), in_rows(image), mirror)

    return apart


def read_samples(root: Path, run: Run, subset: Subset) -> pd.DataFrame:
    """A row a finite sample: its d1, its class, its nearest training image in pixels, and that of which it would be a copy."""
    values = store.part(run.file(root, "sample_measures.parquet"), measure=["class", "copy_score", "p_copy", "indistinguishable"])
    near = store.part(run.file(root, "neighbours.parquet"), ["sample", "space", "neighbour", "distance"], rank=[1]).to_pandas()
    table = values.to_pandas()
    pixel = near[near["space"] == "pixel"].set_index("sample")
    place = {id_: i for i, id_ in enumerate(subset.ids)}
    samples = pd.DataFrame({"first": pixel["distance"], "nearest": pixel["neighbour"].map(place)}).sort_index()
    single = table[table["measure"] != "copy_score"]
    samples["class"] = single[single["measure"] == "class"].set_index("sample")["text"]
    for name in ("p_copy", "indistinguishable"):
        samples[name] = single[single["measure"] == name].set_index("sample")["value"]
    scores = table[table["measure"] == "copy_score"].pivot(index="sample", columns="space", values="value").reindex(samples.index)
    nearest = near.pivot(index="sample", columns="space", values="neighbour").reindex(samples.index)
    spaces = [space for space in subset.real if space in scores]
    samples["source"] = (
        measure.sources(
            {space: scores[space].to_numpy(dtype=float) for space in spaces},
            {space: nearest[space].map(place).to_numpy(dtype=np.int64) for space in spaces},
            {space: subset.real[space] for space in spaces},
            samples["indistinguishable"].to_numpy() == 1,
        )
        if len(samples)
        else np.zeros(0, dtype=np.int64)
    )
    return samples


def image_rows(run: Run, subset: Subset, samples: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A row for each training image, the most copied first; none where no sample is a copy."""
    copies = samples[samples["class"] == COPY].reset_index().sort_values(["p_copy", "first", "sample"], kind="stable")
    if not len(copies):
        return []
    count = len(subset.ids)
    number, near = np.bincount(copies["source"], minlength=count), nearer(subset, samples)
    surest = dict(zip(*(copies.drop_duplicates("source")[name].tolist() for name in ("source", "sample")), strict=True))
    sizes = np.bincount(subset.cluster)[subset.cluster]
    return [
        (
            *run.identity,
            subset.ids[i],
            subset.labels[i],
            int(number[i]),
            surest.get(i),
            int(near[i]),
            float(subset.isolation[i]),
            float(subset.away[i]),
            int(sizes[i]),
        )
        for i in np.argsort(-number, kind="stable").tolist()
    ]


def nearer(subset: Subset, samples: pd.DataFrame) -> Places:
    """How many samples are nearer to each training image than the limit, and nearest to it."""
    chosen = samples.loc[samples["first"] < subset.limit, "nearest"]
    return np.bincount(chosen, minlength=len(subset.ids))


def order_rows(run: Run, subset: Subset, samples: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A row an attribute, without the corrected p; null where there are too few copies to say anything."""
    counts = nearer(subset, samples).astype(float)
    near = int(counts.sum())
    enough = measure.are_enough(near, len(samples), subset.first, subset.limit)
    attributes = {measure.ISOLATION: subset.isolation, measure.PROTOTYPICALITY: -subset.away}
    rows = []
    for name, attribute in attributes.items():
        found = measure.order(counts, subset.cluster, attribute)
        correlation, p = (found.correlation, found.p) if enough else (np.nan, np.nan)
        rows.append((*run.identity, name, correlation, p, subset.limit, near, found.copied, found.images))
    return rows
