"""Measures the samples of one run, one by one and as a set."""

from pathlib import Path

from creativity import store
from creativity.measures import critics
from creativity.measures.evidence import Generated, Judged, Null, Train
from creativity.measures.tables import SAMPLE_TABLE, compare, compared, sample_rows, sample_values, set_rows
from creativity.neighbours.tables import read_neighbours, read_provenance, read_scales, read_sides, read_spaces
from creativity.neighbours.vectors import held, in_rows
from creativity.running.job import Job
from creativity.types import Neighbours, Provenance


def measure(
    job: Job,
    *,
    samples: Path,
    neighbours: Path,
    provenance: Path,
    train: Path,
    reference: Path,
    spaces: Path,
    subset_neighbours: Path,
    scales: Path,
    judged: Path,
    subset_provenance: Path,
    measures: Path,
    sample_measures: Path,
    critic: Path | None = None,
    sample_features: Path | None = None,
    reference_features: Path | None = None,
    train_features: Path | None = None,
) -> None:
    """spaces: as fitted to the reference. critic, *_features: where the campaign has any."""
    table, ids, real = store.read(samples), store.ids(train), store.units(reference)
    finite, by_side = table["finite"].to_numpy(), read_sides(subset_neighbours, ids)
    by_scale = read_scales(store.read(scales))
    known = Train(store.units(train), by_side["train"], by_side["reference"], by_scale, job.settings["mirrored"])
    heldout, left_out = nulls(by_side, read_provenance(store.read(subset_provenance), ids))
    generated = Generated(
        store.pictures(table, samples)[finite],
        read_neighbours(store.read(neighbours), ids),
        read_provenance(store.read(provenance), ids),
        Judged(*(store.read(judged)[name].to_numpy() for name in ("percentile", "error"))),
    )
    values = sample_values(generated, known, heldout, real, critics.read(critic) if critic else [], left_out)
    of_samples, of_subset = [samples, neighbours, provenance, judged], [train, subset_neighbours, scales, subset_provenance]
    stamp = job.stamp([*of_samples, *of_subset, reference, spaces, critic, sample_features, reference_features, train_features])
    store.write(sample_measures, SAMPLE_TABLE, sample_rows(values, finite), stamp)
    rows = set_rows(generated, values, finite, known, real, read_spaces(spaces), job.settings["count"])
    if sample_features and reference_features and train_features:
        made, *known_features = map(store.features, (sample_features, reference_features, train_features))
        chosen = compared(held(in_rows(generated.pictures)), job.settings["count"])
        rows += compare(store.footer(sample_features)["space"], made[chosen], *known_features)
    store.write(measures, store.MEASURE, rows, stamp)


def nulls(by_side: dict[str, dict[str, Neighbours]], provenance: Provenance) -> tuple[Null, Null | None]:
    """Held-out images, and left-out training images if there are any, whose tiles stand after those of the former."""
    heldout, out = by_side["heldout"], by_side["left_out"]
    count = len(heldout["pixel"].distances)
    first, rest = (Provenance(*(column[rows] for column in provenance)) for rows in (slice(count), slice(count, None)))
    return Null(heldout, first), Null(out, rest) if out else None
