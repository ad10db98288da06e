"""Searches copies in disguise in each space, and says what share of each disguise is found."""

from pathlib import Path

from creativity import store
from creativity.measures.disguises import FOUND, New, shares
from creativity.measures.verdict import copy_score
from creativity.neighbours.search import product_on, search
from creativity.neighbours.tables import read_scales, read_sides, read_spaces, search_features
from creativity.running.job import Job
from creativity.types import Neighbours, Values


def unmask(
    job: Job,
    *,
    disguised: Path,
    train: Path,
    spaces: Path,
    subset_neighbours: Path,
    scales: Path,
    found: Path,
    disguised_features: Path | None = None,
    train_features: Path | None = None,
) -> None:
    """spaces: as fitted to the reference. *_features: where the campaign has any."""
    settings, product, ids = job.settings["neighbours"], product_on(job.device), store.ids(train)
    copies, known, fitted = store.finite_samples(disguised), store.units(train), read_spaces(spaces)
    near = {space: search(copies, known, fitted, space, 1, settings["mirrored"], product=product) for space in settings["spaces"]}
    if disguised_features and train_features:
        space, in_features = search_features(disguised_features, train_features, 1, product=product)
        near[space] = in_features
    by_side, by_scale = read_sides(subset_neighbours, ids), read_scales(store.read(scales))

    def scores(neighbours: dict[str, Neighbours]) -> dict[str, Values]:
        return {space: copy_score(one, by_scale[space]) for space, one in neighbours.items()}

    of_sides = {side: scores(near) for side, near in by_side.items() if near}
    new = [New(of_sides["heldout"], of_sides["reference"])]
    if "left_out" in of_sides:
        new.append(New(of_sides["left_out"], of_sides["left_out"]))
    rows = [(*key, *interval) for key, interval in shares(scores(near), new).items()]
    inputs = [disguised, train, spaces, subset_neighbours, scales, disguised_features, train_features]
    store.write(found, FOUND, rows, job.stamp(inputs))
