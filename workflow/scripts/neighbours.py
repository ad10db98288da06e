"""Finds the nearest training images of every sample, and of every tile of every sample."""

from pathlib import Path

from creativity import job, store
from creativity.neighbours import NEIGHBOURS, PROVENANCE, neighbour_rows, product_on, provenance_rows, search, trace


def main() -> None:
    parser = job.parser(__doc__)
    for name in ("samples", "train", "reference", "out", "provenance"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    product = product_on(args.device)
    params, samples = args.params, store.read(args.samples)
    finite = samples["finite"].to_numpy()
    numbers, pictures = samples["sample"].to_numpy()[finite], store.images(samples)[finite]
    train, reference, ids = store.units(args.train), store.units(args.reference), store.ids(args.train)
    rows: list[tuple] = []
    for space in params["spaces"] if len(pictures) else ():
        found = search(pictures, train, reference, space, params["k"], params["mirrored"], product=product)
        rows += neighbour_rows([(int(i),) for i in numbers], space, found, ids)
    stamp = job.stamp(args, [args.samples, args.train, args.reference])
    store.write(args.out, NEIGHBOURS, rows, stamp)
    places = provenance_rows(numbers, trace(pictures, train, params["tile"]), ids) if len(pictures) else []
    store.write(args.provenance, PROVENANCE, places, stamp)


if __name__ == "__main__":
    job.run(main)
