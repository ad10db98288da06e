"""Measures the samples of one run, each by itself and all as a set."""

from pathlib import Path

import pyarrow.compute as pc

from creativity import job, store
from creativity.measures import critics
from creativity.measures.novelty import collage_residual
from creativity.measures.tables import (
    FEWEST,
    SAMPLE_MEASURES,
    Generated,
    Heldout,
    Train,
    compare,
    sample_rows,
    sample_values,
    set_rows,
)
from creativity.neighbours import read_neighbours, read_provenance
from creativity.types import Neighbours


def main() -> None:
    parser = job.parser(__doc__)
    inputs = ("samples", "neighbours", "provenance", "train", "reference", "subset-neighbours", "heldout-provenance")
    for name in (*inputs, "out", "sample-out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--critic", type=Path, help="critics of realism, where the campaign has any")
    sides = ("sample-features", "reference-features", "train-features")
    for name in sides:
        parser.add_argument(f"--{name}", type=Path, help="features of a network, where the campaign names one")
    args = parser.parse_args()
    samples, ids = store.read(args.samples), store.ids(args.train)
    finite = samples["finite"].to_numpy()
    real_neighbours = store.read(args.subset_neighbours)

    def side(name: str) -> dict[str, Neighbours]:
        return read_neighbours(real_neighbours.filter(pc.equal(real_neighbours["set"], name)), ids)

    train = Train(store.units(args.train), side("train"), args.params["mirrored"])
    residual = collage_residual(read_provenance(store.read(args.heldout_provenance), ids).distances)
    heldout = Heldout({space: found.distances[:, 0] for space, found in side("heldout").items()}, residual)
    reference = store.units(args.reference)
    made = Generated(
        store.images(samples)[finite],
        read_neighbours(store.read(args.neighbours), ids),
        read_provenance(store.read(args.provenance), ids),
    )
    judges = critics.read(args.critic) if args.critic else []
    values = sample_values(made, train, heldout, reference, judges)
    files = [getattr(args, name.replace("-", "_")) for name in (*inputs, "critic", *sides)]
    stamp = job.stamp(args, [path for path in files if path])
    store.write(args.sample_out, SAMPLE_MEASURES, sample_rows(values, finite), stamp)
    rows = set_rows(made, values, finite, train, reference)
    if args.sample_features and len(made.pictures) >= FEWEST:
        space = store.footer(args.sample_features)["space"]
        rows += compare(space, *map(store.features, (args.sample_features, args.reference_features, args.train_features)))
    store.write(args.out, store.MEASURE, rows, stamp)


if __name__ == "__main__":
    job.run(main)
